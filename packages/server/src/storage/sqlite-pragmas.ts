import { setTimeout as delay } from 'node:timers/promises'
import type { SqliteConnection } from './sqlite-connection'
import { isLockedError } from './sqlite-errors'
import { StorageError } from './storage-error'

const BUSY_TIMEOUT_MS = 5_000
const SWITCH_RETRY_MS = 20

/**
 * Puts a write connection into the mode that Snoop relies on.
 * @throws StorageError if the file stays locked, or its disk can't do write-ahead logging
 */
export async function configureForWriting(connection: SqliteConnection, path: string): Promise<void> {
  connection.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`)
  const journalMode = await switchToWriteAheadLog(connection)
  if (path !== ':memory:' && journalMode !== 'wal')
    throw new StorageError(
      `The disk of the database ${path} doesn't support write-ahead logging. Put the database on a local disk.`,
    )
  // FULL: an answered write survives a power cut. One of the bindings is compiled with a weaker default.
  connection.exec(`
    pragma synchronous = full;
    pragma foreign_keys = on;
    pragma temp_store = memory;
    pragma cache_size = -16000;
    pragma journal_size_limit = 67108864;
  `)
}

/** Puts a read connection into the mode that Snoop relies on. */
export function configureForReading(connection: SqliteConnection): void {
  connection.exec(`
    pragma busy_timeout = ${BUSY_TIMEOUT_MS};
    pragma temp_store = memory;
    pragma cache_size = -32000;
  `)
}

/** SQLite doesn't wait when two processes switch a new file at once: one of them is told that it is locked. */
async function switchToWriteAheadLog(connection: SqliteConnection): Promise<string | undefined> {
  const lastStart = performance.now() + BUSY_TIMEOUT_MS
  for (;;) {
    try {
      const { rows } = connection.run<{ journal_mode: string }>('pragma journal_mode = wal', [])
      return rows[0]?.journal_mode
    } catch (error) {
      if (!isLockedError(error) || performance.now() > lastStart) throw error
      await delay(SWITCH_RETRY_MS)
    }
  }
}
