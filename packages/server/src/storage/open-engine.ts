import { resolve } from 'node:path'
import type { StorageEngine } from './engine'
import { StorageError } from './storage-error'

export type OpenEngineOptions = {
  /** `sqlite:/path/file.db`, `sqlite::memory:` or `postgres://user:password@host/database` */
  readonly database: string
  /** How many connections to PostgreSQL may be open at once. */
  readonly maxConnections?: number
}

/**
 * Opens the database that an address names. Its tables are brought up to date by `migrate()`, not here.
 * @throws StorageError if the address is not understood, or an SQLite file can't be opened
 */
export async function openEngine(options: OpenEngineOptions): Promise<StorageEngine> {
  const { database, maxConnections = 10 } = options
  const scheme = database.slice(0, database.indexOf(':') + 1)
  if (scheme === 'sqlite:') {
    const { openSqliteEngine } = await import('./sqlite-engine')
    return openSqliteEngine(readSqlitePath(database))
  }
  if (scheme === 'postgres:' || scheme === 'postgresql:') {
    const { openPostgresEngine } = await import('./postgres-engine')
    return openPostgresEngine({ url: database, maxConnections })
  }
  // The address itself may hold a password, so the message leaves it out.
  throw new StorageError(
    'The address of the database must begin with sqlite: or postgres:, such as sqlite:/var/lib/snoop/snoop.db or postgres://user:password@host/database.',
  )
}

function readSqlitePath(address: string): string {
  const path = address.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '')
  if (path === '') throw new StorageError('The address of the database names no file: sqlite:/path/file.db.')
  return path === ':memory:' ? path : resolve(path)
}
