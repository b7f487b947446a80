import { access, writeFile } from 'node:fs/promises'
import { CliError } from '../../cli-error'
import { EXIT } from '../../exit-codes'

/** @throws CliError (exit 6) if there is such a file */
export const refuseExistingFile = async (path: string): Promise<void> => {
  const exists = await access(path).then(
    () => true,
    () => false,
  )
  if (!exists) return
  throw new CliError(`${path} exists already; it is not overwritten.`, {
    code: 'file.exists',
    exit: EXIT.REFUSED,
  })
}

/**
 * Writes a secret into a new file that only its owner can read.
 * @throws CliError (exit 1) if it cannot be made, or exists
 */
export const writeSecretFile = async (path: string, secret: string): Promise<void> => {
  try {
    await writeFile(path, `${secret}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw new CliError(`${path} cannot be made.`, {
      code: 'file.unwritable',
      exit: EXIT.FAILURE,
      cause: error,
    })
  }
}
