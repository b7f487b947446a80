import pg from 'pg'
import { explainConnectError, type PostgresAddress } from './postgres-errors'
import { numberTypes } from './postgres-number'
import { StorageError } from './storage-error'

const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000

export type PostgresPoolOptions = {
  readonly url: string
  readonly maxConnections: number
  /** How long to wait for a connection, be it a new one or one that is busy. */
  readonly connectTimeoutMs: number
  /** Undefined: a statement may take as long as it wants. */
  readonly statementTimeoutMs: number | undefined
}

/** Connections to PostgreSQL; a lost one is replaced when the next is asked for. */
export type PostgresPool = {
  /** @throws StorageError if no connection can be had */
  connect(): Promise<pg.PoolClient>
  end(): Promise<void>
}

/** @throws StorageError if the address can't be read */
export function createPostgresPool(options: PostgresPoolOptions): PostgresPool {
  const address = readAddress(options.url)
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    connectionTimeoutMillis: options.connectTimeoutMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    ...(options.statementTimeoutMs !== undefined && { statement_timeout: options.statementTimeoutMs }),
    keepAlive: true,
    application_name: 'snoop-server',
    types: numberTypes,
  })
  // Without these a restart of PostgreSQL would end the process. Whoever uses the lost connection is told by its query.
  pool.on('error', ignore)
  pool.on('connect', client => client.on('error', ignore))
  return {
    connect: () =>
      pool.connect().catch(error => {
        throw explainConnectError(error, address)
      }),
    end: () => pool.end(),
  }
}

function ignore(): void {}

/** Reads the address as pg will, without connecting. */
function readAddress(url: string): PostgresAddress {
  try {
    const { host, port, database = '', user = '' } = new pg.Client({ connectionString: url })
    return { host, port, database, user }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    // The error of an unreadable URL holds the URL, which may hold a password.
    const reason = code === 'ERR_INVALID_URL' ? 'it is no URL' : message
    throw new StorageError(`The address of the PostgreSQL database can't be read: ${reason}.`)
  }
}
