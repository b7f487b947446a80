import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CliError } from '../cli-error'
import { EXIT } from '../exit-codes'

const PRIVATE_FILE = 0o600
const PRIVATE_DIRECTORY = 0o700

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** The failure for a file of ours that is not as we left it. It is never overwritten. */
export const damagedFile = (path: string): CliError =>
  new CliError(`${path} is damaged.`, {
    code: 'config.damaged',
    exit: EXIT.BAD_CONFIG,
    hint: `Mend it, or move it away:  mv '${path}' '${path}.damaged'`,
  })

/** @returns the text of the file, or undefined if there is none */
export const readPrivateFile = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw new CliError(`${path} cannot be read.`, {
      code: 'config.unreadable',
      exit: EXIT.BAD_CONFIG,
      cause: error,
    })
  }
}

/**
 * @param isValid tells whether the parsed JSON has the shape that we wrote
 * @returns the value, or undefined if there is no such file
 * @throws CliError (exit 12) if the file cannot be read or is not what `isValid` takes
 */
export const readJsonFile = async <T>(
  path: string,
  isValid: (value: unknown) => value is T,
): Promise<T | undefined> => {
  const text = await readPrivateFile(path)
  if (text === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Not the parser's error: it quotes the text, which may hold a secret.
    throw damagedFile(path)
  }
  if (!isValid(value)) throw damagedFile(path)
  return value
}

/** Makes a folder (and those above it) that only its owner can enter. */
export const makePrivateDirectory = async (path: string): Promise<void> => {
  await mkdir(path, { recursive: true, mode: PRIVATE_DIRECTORY })
}

/** Writes a file that only its owner can read: whole or not at all, and on the disk when the promise resolves. */
export const writePrivateFile = async (path: string, text: string): Promise<void> => {
  await makePrivateDirectory(dirname(path))
  const draft = `${path}.${process.pid}.tmp`
  try {
    await rm(draft, { force: true })
    const file = await open(draft, 'wx', PRIVATE_FILE)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw new CliError(`${path} cannot be written.`, {
      code: 'config.unwritable',
      exit: EXIT.BAD_CONFIG,
      cause: error,
    })
  }
}

/** Writes JSON as `writePrivateFile` does. */
export const writeJsonFile = (path: string, value: unknown): Promise<void> =>
  writePrivateFile(path, `${JSON.stringify(value, null, 2)}\n`)
