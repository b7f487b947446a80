import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { StorageError } from './storage-error'

/**
 * Creates the database file and its folder if they are missing, for their owner alone. SQLite gives its side files the
 * rights of the database file.
 * @throws StorageError if the folder can't be made or the file can't be written
 */
export function createDatabaseFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    closeSync(openSync(path, 'a', 0o600))
  } catch (cause) {
    throw new StorageError(
      `The database ${path} can't be created or written. Give the user that runs Snoop the right to write that file and its folder, or name another file.`,
      { cause },
    )
  }
}
