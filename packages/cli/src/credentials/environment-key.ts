import { readFile } from 'node:fs/promises'
import { CliError, usageError } from '../cli-error'
import { EXIT } from '../exit-codes'

export interface EnvironmentKey {
  readonly secret: string
  readonly source: 'SNOOP_API_KEY' | 'SNOOP_API_KEY_FILE'
}

/** Only what a header can carry. */
const checked = (key: EnvironmentKey): EnvironmentKey => {
  if (/^[\x21-\x7e]+$/.test(key.secret)) return key
  throw usageError(
    `What ${key.source} gives is not a key: it has a blank or another character that none has.`,
  )
}

/**
 * The key that the environment gives, if any. Blank variables count as not set.
 * @throws CliError if both are set (exit 2), or the file cannot be read or is empty (exit 4)
 */
export const readEnvironmentKey = async (
  env: Readonly<Record<string, string | undefined>>,
): Promise<EnvironmentKey | undefined> => {
  const secret = env.SNOOP_API_KEY?.trim()
  const path = env.SNOOP_API_KEY_FILE?.trim()
  if (secret && path)
    throw usageError('SNOOP_API_KEY and SNOOP_API_KEY_FILE are both set.', 'Unset one of them.')
  if (secret) return checked({ secret, source: 'SNOOP_API_KEY' })
  if (!path) return undefined
  const text = (await readFile(path, 'utf8').catch(() => '')).trim()
  if (text) return checked({ secret: text, source: 'SNOOP_API_KEY_FILE' })
  throw new CliError(`The file that SNOOP_API_KEY_FILE names cannot be read or is empty: ${path}`, {
    code: 'credential.file',
    exit: EXIT.SIGN_IN_NEEDED,
  })
}
