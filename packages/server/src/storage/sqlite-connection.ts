import type { QueryResult } from 'kysely'
import type { SqliteBinding, SqliteDatabase, SqliteStatement } from './sqlite-binding'
import { explainSqliteError } from './sqlite-errors'

const MAX_CACHED_STATEMENTS = 256
const CHANGES_ROWS = /^\s*(insert|update|delete|replace)\b/i
const RETURNS_ROWS = /\breturning\b/i

type CachedStatement = { readonly statement: SqliteStatement; readonly kind: 'read' | 'change' | 'returning' }

/** One connection to a database file, with its compiled statements. Every call is synchronous. */
export class SqliteConnection {
  readonly #path: string
  readonly #database: SqliteDatabase
  readonly #statements = new Map<string, CachedStatement>()

  constructor(binding: SqliteBinding, path: string, options: { readonly readOnly: boolean }) {
    this.#path = path
    this.#database = this.#explained(() => new binding.DatabaseSync(path, options))
  }

  /** Runs statements that have no parameters and no rows. */
  exec(sql: string): void {
    this.#explained(() => this.#database.exec(sql))
  }

  run<Row>(sql: string, parameters: readonly unknown[]): QueryResult<Row> {
    return this.#explained(() => {
      const { statement, kind } = this.#cached(sql)
      const bound = parameters.map(toBindable)
      if (kind === 'change') return { rows: [], numAffectedRows: BigInt(statement.run(...bound).changes) }
      const rows = statement.all(...bound) as Row[]
      return kind === 'returning' ? { rows, numAffectedRows: BigInt(rows.length) } : { rows }
    })
  }

  /** @returns a function that answers the statement's first row; it is compiled at the first call */
  prepareFirst(sql: string): (parameters: readonly unknown[]) => unknown {
    let statement: SqliteStatement | undefined
    return parameters =>
      this.#explained(() => {
        statement ??= this.#database.prepare(sql)
        return statement.get(...parameters.map(toBindable))
      })
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }

  #cached(sql: string): CachedStatement {
    const found = this.#statements.get(sql)
    const cached = found ?? { statement: this.#database.prepare(sql), kind: kindOf(sql) }
    // A Map keeps the order of insertion, so the first key is the one that was not used for longest.
    if (found !== undefined) this.#statements.delete(sql)
    else if (this.#statements.size >= MAX_CACHED_STATEMENTS) this.#forgetOldest()
    this.#statements.set(sql, cached)
    return cached
  }

  #forgetOldest(): void {
    const [oldest] = this.#statements.keys()
    if (oldest !== undefined) this.#statements.delete(oldest)
  }

  #explained<T>(act: () => T): T {
    try {
      return act()
    } catch (error) {
      throw explainSqliteError(error, this.#path)
    }
  }
}

function kindOf(sql: string): CachedStatement['kind'] {
  if (!CHANGES_ROWS.test(sql)) return 'read'
  return RETURNS_ROWS.test(sql) ? 'returning' : 'change'
}

/** The built-in binding stores every number as a float, with which `a / b` would not be what PostgreSQL answers. */
function toBindable(value: unknown): unknown {
  return Number.isSafeInteger(value) ? BigInt(value as number) : value
}
