import type { Kysely, Transaction } from 'kysely'
import type { Database } from './schema'
import type { SharedWindows } from './window-store'

/**
 * One statement, compiled once and kept: for what every request asks (key, session, membership).
 * SQLite answers at once, PostgreSQL by a promise; callers `await` either.
 * @returns the first row, or undefined
 */
export type PreparedQuery<Row> = (
  ...parameters: (string | number | null)[]
) => Promise<Row | undefined> | Row | undefined

/** A database: the same queries run on each. */
export interface StorageEngine {
  readonly name: 'sqlite' | 'postgres'
  /** For single statements and reads. */
  readonly db: Kysely<Database>
  /**
   * Runs `work` in one write transaction; it is rolled back if `work` throws. On SQLite it begins IMMEDIATE and all
   * transactions of the process follow one another; on PostgreSQL it is READ COMMITTED, so guard with a locking read.
   */
  transaction<T>(work: (trx: Transaction<Database>) => Promise<T>): Promise<T>
  /** @param sql with `?` for each parameter, in the words that both engines know */
  prepare<Row>(sql: string): PreparedQuery<Row>
  /** What is counted together with other processes; undefined: no other can be on this database. */
  readonly windows: SharedWindows | undefined
  /** Applies the migrations that are missing, under a lock; safe to call from several processes at once. */
  migrate(): Promise<void>
  /** Rejects if the database cannot be reached. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** The name of a violated unique constraint's columns, or undefined if `error` is something else. */
export type UniqueViolation = { readonly table: string; readonly columns: readonly string[] }
