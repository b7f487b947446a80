import type { Kysely } from 'kysely'
import type { Database, GuessCounterTable } from '../schema'
import { deleteBefore } from './delete-before'

export type GuessCounterRow = GuessCounterTable

/** Guesses in a row at a secret, and other things that are counted by subject. */
export class GuessCounterStore {
  constructor(private readonly db: Kysely<Database>) {}

  /** Call in a transaction. The counter of a subject, made if it is not there, held to the transaction's end. */
  lock(subject: string, now: number): Promise<GuessCounterRow> {
    return this.locking([subject], now).executeTakeFirstOrThrow()
  }

  /** As `lock`, of several subjects, each given once; in an order that is the same for all who do. */
  lockAll(subjects: readonly string[], now: number): Promise<GuessCounterRow[]> {
    return this.locking([...subjects].sort(), now).execute()
  }

  async update(subject: string, changes: Omit<GuessCounterRow, 'subject'>): Promise<void> {
    await this.db.updateTable('guess_counters').set(changes).where('subject', '=', subject).execute()
  }

  /** Of rows that are locked, each given once. */
  async updateAll(rows: readonly GuessCounterRow[]): Promise<void> {
    await this.db
      .insertInto('guess_counters')
      .values(rows)
      .onConflict(conflict =>
        conflict.column('subject').doUpdateSet(({ ref }) => ({
          attempts: ref('excluded.attempts'),
          blocked_until: ref('excluded.blocked_until'),
          updated_at: ref('excluded.updated_at'),
        })),
      )
      .execute()
  }

  async delete(subjects: readonly string[]): Promise<void> {
    await this.db.deleteFrom('guess_counters').where('subject', 'in', subjects).execute()
  }

  /** @returns how many of the rows that were not touched since `before` were removed, `limit` at most */
  deleteUntouched(before: number, limit: number): Promise<number> {
    return deleteBefore(
      this.db,
      { table: 'guess_counters', id: 'subject', time: 'updated_at' },
      before,
      limit,
    )
  }

  private locking(subjects: readonly string[], now: number) {
    return (
      this.db
        .insertInto('guess_counters')
        .values(subjects.map(subject => ({ subject, attempts: 0, blocked_until: 0, updated_at: now })))
        // Changes nothing, but holds the rows, in the one statement that makes sure of them.
        .onConflict(conflict =>
          conflict.column('subject').doUpdateSet(({ ref }) => ({ subject: ref('excluded.subject') })),
        )
        .returningAll()
    )
  }
}
