import type { SqliteConnection } from './sqlite-connection'
import { StorageError } from './storage-error'

/** Puts a write connection into the mode that Snoop relies on. */
export function configureForWriting(connection: SqliteConnection, path: string): void {
  connection.exec('pragma busy_timeout = 5000')
  const { rows } = connection.run<{ journal_mode: string }>('pragma journal_mode = wal', [])
  if (path !== ':memory:' && rows[0]?.journal_mode !== 'wal')
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
    pragma busy_timeout = 5000;
    pragma temp_store = memory;
    pragma cache_size = -32000;
  `)
}
