import { Kysely } from 'kysely'
import type { PreparedQuery, StorageEngine } from './engine'
import { migrateToLatest } from './migrate'
import type { Database } from './schema'
import { loadSqliteBinding, type SqliteBinding } from './sqlite-binding'
import { SqliteConnection } from './sqlite-connection'
import { createSqliteDialect, type SqliteConnections } from './sqlite-dialect'
import { createDatabaseFile } from './sqlite-file'
import { configureForReading, configureForWriting } from './sqlite-pragmas'
import { cacheRows, SqliteRevision } from './sqlite-row-cache'
import { SqliteWindows } from './sqlite-windows'
import { WriteLock } from './sqlite-write-lock'

const LOCK_TIMEOUT_MS = 10_000
const IN_MEMORY = ':memory:'

/**
 * Opens the SQLite database at `path` (`:memory:` for one that ends with the process), and creates it if it is missing.
 * @throws StorageError if the file can't be opened or is not a database
 */
export async function openSqliteEngine(path: string): Promise<StorageEngine> {
  const binding = await loadSqliteBinding()
  const connections = await (path === IN_MEMORY ? openInMemory(binding) : openFile(binding, path))
  const db = new Kysely<Database>({ dialect: createSqliteDialect(connections) })
  const windows =
    path === IN_MEMORY
      ? undefined
      : new SqliteWindows(binding, path, work => whileNobodyWrites(connections, work))
  let closing: Promise<void> | undefined
  return {
    name: 'sqlite',
    db,
    transaction: work => db.transaction().execute(work),
    prepare: createPrepare(connections),
    windows,
    migrate: () => migrateToLatest(db, { text: 'text', wholeNumber: 'integer', unlogged: undefined }),
    ping: async () => ping(connections),
    close: () => {
      closing ??= close(connections, windows)
      return closing
    },
  }
}

async function openInMemory(binding: SqliteBinding): Promise<SqliteConnections> {
  const writer = new SqliteConnection(binding, IN_MEMORY, { readOnly: false })
  await configureForWriting(writer, IN_MEMORY)
  return { writer, reader: undefined, lock: new WriteLock(LOCK_TIMEOUT_MS) }
}

async function openFile(binding: SqliteBinding, path: string): Promise<SqliteConnections> {
  createDatabaseFile(path)
  const writer = new SqliteConnection(binding, path, { readOnly: false })
  try {
    await configureForWriting(writer, path)
    const reader = new SqliteConnection(binding, path, { readOnly: true })
    configureForReading(reader)
    return { writer, reader, lock: new WriteLock(LOCK_TIMEOUT_MS) }
  } catch (error) {
    writer.close()
    throw error
  }
}

/** Rows are kept between commits where there is a connection that sees only what is committed. */
function createPrepare({ reader, writer, lock }: SqliteConnections): StorageEngine['prepare'] {
  const revision = reader && new SqliteRevision(reader, lock)
  return <Row>(sql: string): PreparedQuery<Row> => {
    const first = (reader ?? writer).prepareFirst(sql)
    const query: PreparedQuery<Row> = (...parameters) => first(parameters) as Row | undefined
    return revision ? cacheRows(query, revision) : query
  }
}

/** Not even another process does. */
async function whileNobodyWrites<T>({ writer, lock }: SqliteConnections, work: () => T): Promise<T> {
  await lock.acquire()
  try {
    writer.exec('begin immediate')
    try {
      return work()
    } finally {
      writer.exec('rollback')
    }
  } finally {
    lock.release()
  }
}

/** Reads from the file, which `select 1` would not. */
function ping({ reader, writer }: SqliteConnections): void {
  const connection = reader ?? writer
  connection.run('select name from sqlite_master limit 1', [])
}

/** Waits for the transaction under way, and leaves all data in the database file itself. */
async function close(
  { writer, reader, lock }: SqliteConnections,
  windows: SqliteWindows | undefined,
): Promise<void> {
  await lock.acquire()
  try {
    windows?.leave()
    reader?.close()
    writer.exec('pragma wal_checkpoint(truncate)')
  } finally {
    writer.close()
    lock.release()
  }
}
