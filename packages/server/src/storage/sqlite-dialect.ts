import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  type SelectModifierNode,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { SqliteConnection } from './sqlite-connection'
import type { WriteLock } from './sqlite-write-lock'

/** The connections of one database. `reader` is missing where there is only one, as in memory. */
export type SqliteConnections = {
  readonly writer: SqliteConnection
  readonly reader: SqliteConnection | undefined
  readonly lock: WriteLock
}

/** Kysely over a write connection that one transaction or statement holds at a time, and one for reads. */
export function createSqliteDialect(connections: SqliteConnections): Dialect {
  return {
    createDriver: () => new SqliteDriver(connections),
    createQueryCompiler: () => new LocklessQueryCompiler(),
    createAdapter: () => new TransactionalDdlAdapter(),
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
  }
}

class SqliteDriver implements Driver {
  readonly #connections: SqliteConnections

  constructor(connections: SqliteConnections) {
    this.#connections = connections
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteTurn> {
    return new SqliteTurn(this.#connections)
  }

  async beginTransaction(turn: SqliteTurn): Promise<void> {
    await turn.begin()
  }

  async commitTransaction(turn: SqliteTurn): Promise<void> {
    turn.commit()
  }

  async rollbackTransaction(turn: SqliteTurn): Promise<void> {
    turn.rollback()
  }

  async releaseConnection(turn: SqliteTurn): Promise<void> {
    turn.end()
  }

  /** Nothing: the engine closes the connections that it opened. */
  async destroy(): Promise<void> {}
}

/** What Kysely holds as a connection: it takes the write connection only for a write, or until its transaction ends. */
class SqliteTurn implements DatabaseConnection {
  readonly #connections: SqliteConnections
  #holdsLock = false

  constructor(connections: SqliteConnections) {
    this.#connections = connections
  }

  async executeQuery<Row>({ query, sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { writer, reader, lock } = this.#connections
    if (this.#holdsLock) return writer.run<Row>(sql, parameters)
    if (reader !== undefined && SelectQueryNode.is(query)) return reader.run<Row>(sql, parameters)
    await lock.acquire()
    try {
      return writer.run<Row>(sql, parameters)
    } finally {
      lock.release()
    }
  }

  streamQuery(): never {
    throw new Error('Snoop reads pages, not streams.')
  }

  async begin(): Promise<void> {
    await this.#connections.lock.acquire()
    this.#holdsLock = true
    this.#connections.writer.exec('begin immediate')
  }

  commit(): void {
    this.#connections.writer.exec('commit')
  }

  rollback(): void {
    try {
      this.#connections.writer.exec('rollback')
    } catch (error) {
      // SQLite itself rolls back when the disk is full, for example.
      if (!(error instanceof Error && error.message.includes('no transaction is active'))) throw error
    }
  }

  end(): void {
    if (!this.#holdsLock) return
    this.#holdsLock = false
    this.#connections.lock.release()
  }
}

const ROW_LOCKS: ReadonlySet<string | undefined> = new Set<SelectModifierNode['modifier']>([
  'ForUpdate',
  'ForNoKeyUpdate',
  'ForShare',
  'ForKeyShare',
  'NoWait',
  'SkipLocked',
])

/** Leaves `for update` out: SQLite doesn't know it, and a transaction already has the database for itself. */
class LocklessQueryCompiler extends SqliteQueryCompiler {
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (!ROW_LOCKS.has(node.modifier)) super.visitSelectModifier(node)
  }
}

class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}
