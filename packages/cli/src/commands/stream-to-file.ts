import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { CliError } from '../cli-error'
import { EXIT } from '../exit-codes'

/** Does what has to do with the file itself. */
const onDisk = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    throw new CliError(`${path} cannot be written.`, {
      code: 'file.unwritable',
      exit: EXIT.FAILURE,
      hint: 'Is the folder there and yours, and is there room on the disk?',
      cause: error,
    })
  }
}

const writeAll = async (path: string, file: FileHandle, blocks: AsyncIterable<string>): Promise<void> => {
  try {
    for await (const block of blocks) await onDisk(path, () => file.appendFile(block))
    await onDisk(path, () => file.sync())
  } finally {
    await file.close()
  }
}

/**
 * Writes a file that only its owner can read, however long it is. It has its name when it is whole and on the disk.
 * @param beforeNaming the last chance to leave what is there as it is
 * @throws CliError (exit 1) if it cannot be written, and what `blocks` and `beforeNaming` throw; then nothing is left
 */
export const streamToFile = async (
  path: string,
  blocks: AsyncIterable<string>,
  beforeNaming: () => Promise<void>,
): Promise<void> => {
  const draft = `${path}.${randomUUID()}.part`
  try {
    await writeAll(path, await onDisk(path, () => open(draft, 'wx', 0o600)), blocks)
    await beforeNaming()
    await onDisk(path, () => rename(draft, path))
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
