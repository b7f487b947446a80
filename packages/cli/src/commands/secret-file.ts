import { randomUUID } from 'node:crypto'
import { access, constants, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CliError } from '../cli-error'
import { EXIT } from '../exit-codes'

/**
 * @param hint how to go ahead all the same, if there is a way
 * @throws CliError (exit 6) if there is such a file
 */
export const refuseExistingFile = async (path: string, hint?: string): Promise<void> => {
  const exists = await access(path).then(
    () => true,
    () => false,
  )
  if (!exists) return
  throw new CliError(`${path} exists already; it is not overwritten.`, {
    code: 'file.exists',
    exit: EXIT.REFUSED,
    hint,
  })
}

/** @param cause what the file system said */
export const unwritable = (path: string, cause: unknown): CliError =>
  new CliError(`${path} cannot be made.`, {
    code: 'file.unwritable',
    exit: EXIT.FAILURE,
    hint: 'Is the folder there and yours?',
    cause,
  })

/** Finds out before a secret is made whether it could be kept. @throws CliError (exit 1) */
export const refuseUnwritablePlace = (path: string): Promise<void> =>
  access(dirname(path), constants.W_OK | constants.X_OK).catch(error => {
    throw unwritable(path, error)
  })

const createSecretFile = (path: string, text: string): Promise<void> =>
  writeFile(path, `${text}\n`, { mode: 0o600, flag: 'wx' })

/**
 * Writes a secret into a new file that only its owner can read.
 * @throws CliError (exit 1) if it cannot be made, or exists
 */
export const writeSecretFile = async (path: string, text: string): Promise<void> => {
  try {
    await createSecretFile(path, text)
  } catch (error) {
    throw unwritable(path, error)
  }
}

/**
 * As `writeSecretFile`, in place of a file that may exist: whoever could read that one cannot read this one.
 * @throws CliError (exit 1) if it cannot be made; what was there is there still
 */
export const replaceSecretFile = async (path: string, text: string): Promise<void> => {
  const draft = `${path}.${randomUUID()}`
  try {
    await createSecretFile(draft, text)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw unwritable(path, error)
  }
}
