import type { PreparedQuery } from './engine'
import type { SqliteConnection } from './sqlite-connection'
import type { WriteLock } from './sqlite-write-lock'

const MAX_ROWS = 10_000

/**
 * Tells whether anything was committed to the database file since a row was read. Writes of this process count at
 * once: they release the write lock. Those of other processes are seen by SQLite's `data_version`, asked once in each
 * turn of the event loop: asking takes system calls, and what a turn handles had arrived when the turn began.
 */
export class SqliteRevision {
  readonly #lock: WriteLock
  readonly #readDataVersion: () => unknown
  #dataVersion: unknown
  #foreignWrites = 0
  #isAskedInThisTurn = false

  constructor(reader: SqliteConnection, lock: WriteLock) {
    this.#lock = lock
    const first = reader.prepareFirst('pragma data_version')
    this.#readDataVersion = () => (first([]) as { data_version: unknown }).data_version
  }

  /** Two equal answers: no commit between them. */
  current(): number {
    if (!this.#isAskedInThisTurn) this.#ask()
    return this.#foreignWrites + this.#lock.releases
  }

  #ask(): void {
    this.#isAskedInThisTurn = true
    setImmediate(() => {
      this.#isAskedInThisTurn = false
    })
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
