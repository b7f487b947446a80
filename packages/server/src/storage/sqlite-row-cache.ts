import type { PreparedQuery } from './engine'
import type { SqliteConnection } from './sqlite-connection'
import type { WriteLock } from './sqlite-write-lock'

const MAX_ROWS = 10_000

/** Commits of other processes are seen after this time at most: less than a commit and a request take together. */
const ASK_EVERY_MS = 0.25

/**
 * Tells whether anything was committed to the database file since a row was read. Writes of this process count at
 * once: they release the write lock. Those of other processes are seen by SQLite's `data_version`; asking takes
 * system calls, so it is not asked for every row.
 */
export class SqliteRevision {
  readonly #lock: WriteLock
  readonly #readDataVersion: () => unknown
  readonly #now: () => number
  #dataVersion: unknown
  #foreignWrites = 0
  #askedAt = Number.NEGATIVE_INFINITY

  /** @param now milliseconds of a clock that never goes back */
  constructor(reader: SqliteConnection, lock: WriteLock, now = () => performance.now()) {
    this.#lock = lock
    this.#now = now
    const first = reader.prepareFirst('pragma data_version')
    this.#readDataVersion = () => (first([]) as { data_version: unknown }).data_version
  }

  /** Two equal answers: no commit between them. */
  current(): number {
    const now = this.#now()
    if (now - this.#askedAt >= ASK_EVERY_MS) this.#ask(now)
    return this.#foreignWrites + this.#lock.releases
  }

  #ask(now: number): void {
    this.#askedAt = now
    const dataVersion = this.#readDataVersion()
    if (dataVersion === this.#dataVersion) return
    this.#dataVersion = dataVersion
    this.#foreignWrites++
  }
}

/** Keeps the rows that `query` found for as long as nothing is committed. Rows are frozen: requests share them. */
export const cacheRows = <Row>(query: PreparedQuery<Row>, revision: SqliteRevision): PreparedQuery<Row> => {
  const rows = new Map<string, Row>()
  let readAt = -1
  return (...parameters) => {
    const current = revision.current()
    if (current !== readAt || rows.size >= MAX_ROWS) {
      rows.clear()
      readAt = current
    }
    const key = parameters.join('\0')
    const kept = rows.get(key)
    if (kept !== undefined) return kept
    const row = query(...parameters) as Row | undefined
    if (row !== undefined) rows.set(key, Object.freeze(row))
    return row
  }
}
