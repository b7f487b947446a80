import type { Kysely } from 'kysely'
import type { Database, GuessCounterTable } from '../schema'
import { deleteBefore } from './delete-before'

export type GuessCounterRow = GuessCounterTable

/** Guesses in a row at a secret. */
export class GuessCounterStore {
  constructor(private readonly db: Kysely<Database>) {}

  /** Call in a transaction. The counter of a subject, made if it is not there, held to the transaction's end. */
  lock(subject: string, now: number): Promise<GuessCounterRow> {
    return (
      this.db
        .insertInto('guess_counters')
        .values({ subject, attempts: 0, blocked_until: 0, updated_at: now })
        // Changes nothing, but holds the row, in the one statement that makes sure of it.
        .onConflict(conflict => conflict.column('subject').doUpdateSet({ subject }))
        .returningAll()
        .executeTakeFirstOrThrow()
    )
  }

  async update(subject: string, changes: Omit<GuessCounterRow, 'subject'>): Promise<void> {
    await this.db.updateTable('guess_counters').set(changes).where('subject', '=', subject).execute()
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
}
