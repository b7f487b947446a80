import { Kysely, PostgresDialect, sql } from 'kysely'
import type { PreparedQuery, StorageEngine } from './engine'
import { migrateToLatest } from './migrate'
import type { ColumnTypes } from './migrations/migration'
import { numberParameters } from './postgres-parameters'
import { createPostgresPool, type PostgresPool } from './postgres-pool'
import type { Database } from './schema'
import { createWindowStore } from './window-store'

const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 15_000

// "C" compares bytes, as SQLite does, whatever the language of the server; and no new version of the operating system
// can put an index out of order.
const COLUMN_TYPES: ColumnTypes = {
  text: sql`text collate "C"`,
  wholeNumber: 'bigint',
  unlogged: sql`unlogged`,
}

export type PostgresEngineOptions = {
  /** `postgres://user:password@host:port/database`, with `sslmode` and what else pg understands */
  readonly url: string
  readonly maxConnections: number
  /** How long to wait for a connection, be it a new one or one that is busy. Default: 5000. */
  readonly connectTimeoutMs?: number
}

/**
 * Opens a PostgreSQL database; the first connection is made by the first query.
 * @throws StorageError if the address can't be read
 */
export async function openPostgresEngine(options: PostgresEngineOptions): Promise<StorageEngine> {
  const { url, maxConnections, connectTimeoutMs = CONNECT_TIMEOUT_MS } = options
  const pool = createPostgresPool({
    url,
    maxConnections,
    connectTimeoutMs,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  })
  const db = createKysely(pool)
  const prepare = createPrepare(pool)
  let closing: Promise<void> | undefined
  return {
    name: 'postgres',
    db,
    transaction: work => db.transaction().setIsolationLevel('read committed').execute(work),
    prepare,
    // The database is asked for every request, so nobody has to be told who else does.
    windows: { store: createWindowStore(prepare), isShared: true, join: async () => true, look: () => {} },
    migrate: () => migrate(url, connectTimeoutMs),
    ping: async () => {
      await sql`select 1`.execute(db)
    },
    close: () => {
      closing ??= pool.end()
      return closing
    },
  }
}

const createKysely = (pool: PostgresPool) => new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })

/** On a connection of its own: a migration, or the wait for another process's, may take longer than a statement may. */
async function migrate(url: string, connectTimeoutMs: number): Promise<void> {
  const pool = createPostgresPool({ url, maxConnections: 1, connectTimeoutMs, statementTimeoutMs: undefined })
  try {
    await migrateToLatest(createKysely(pool), COLUMN_TYPES)
  } finally {
    await pool.end()
  }
}

function createPrepare(pool: PostgresPool) {
  let count = 0
  return <Row>(statement: string): PreparedQuery<Row> => {
    const text = numberParameters(statement)
    count += 1
    const name = `snoop_${count}`
    return async (...values) => {
      const client = await pool.connect()
      try {
        const { rows } = await client.query({ name, text, values })
        return rows[0]
      } finally {
        client.release()
      }
    }
  }
}
