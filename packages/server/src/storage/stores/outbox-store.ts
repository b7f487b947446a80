import type { Kysely } from 'kysely'
import type { Database, OutboxTable } from '../schema'
import { deleteBefore } from './delete-before'

export type OutboxRow = OutboxTable

/** Mails that wait to be sent. */
export class OutboxStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: OutboxRow): Promise<void> {
    await this.db.insertInto('outbox').values(row).execute()
  }

  /** Takes mails that are due and keeps others from taking them for `leaseMs`. */
  async claimDue(
    now: number,
    limit: number,
    leaseMs: number,
  ): Promise<{ id: string; sealedMail: string; attempts: number; createdAt: number }[]> {
    const rows = await this.db
      .updateTable('outbox')
      .set({ next_attempt_at: now + leaseMs })
      .where('id', 'in', eb =>
        eb
          .selectFrom('outbox')
          .select('id')
          .where('sent_at', 'is', null)
          .where('next_attempt_at', '<=', now)
          .orderBy('next_attempt_at')
          .limit(limit),
      )
      // Said again outside: on PostgreSQL a row that another claimed meanwhile is checked anew only here.
      .where('next_attempt_at', '<=', now)
      .where('sent_at', 'is', null)
      .returning(['id', 'sealed_mail', 'attempts', 'created_at'])
      .execute()
    return rows.map(row => ({
      id: row.id,
      sealedMail: row.sealed_mail,
      attempts: row.attempts,
      createdAt: row.created_at,
    }))
  }

  /** Moves the time of the next attempt on to `until`, never back. */
  async extendLease(id: string, until: number): Promise<void> {
    await this.db
      .updateTable('outbox')
      .set({ next_attempt_at: until })
      .where('id', '=', id)
      .where('sent_at', 'is', null)
      .where('next_attempt_at', '<', until)
      .execute()
  }

  async markSent(id: string, now: number): Promise<void> {
    await this.db
      .updateTable('outbox')
      .set({ sent_at: now, sealed_mail: '', last_error: null })
      .where('id', '=', id)
      .execute()
  }

  async markFailed(id: string, nextAttemptAt: number, error: string): Promise<void> {
    await this.db
      .updateTable('outbox')
      .set(eb => ({ attempts: eb('attempts', '+', 1), next_attempt_at: nextAttemptAt, last_error: error }))
      .where('id', '=', id)
      .execute()
  }

  /** @returns how many of the mails sent before `before` were removed, `limit` at most */
  deleteSent(before: number, limit: number): Promise<number> {
    return deleteBefore(this.db, { table: 'outbox', id: 'id', time: 'sent_at' }, before, limit)
  }
}
