import type { Kysely } from 'kysely'
import type { Database, PaymentEventTable } from '../schema'
import { deleteBefore } from './delete-before'

export type PaymentEventRow = PaymentEventTable

/** Events of the payment provider, each taken into account once. */
export class PaymentEventStore {
  constructor(private readonly db: Kysely<Database>) {}

  /** @returns false if it was taken into account already; of two at the same time one gets true */
  async insert(row: PaymentEventRow): Promise<boolean> {
    const inserted = await this.db
      .insertInto('payment_events')
      .values(row)
      .onConflict(conflict => conflict.column('id').doNothing())
      .returning('id')
      .executeTakeFirst()
    return inserted !== undefined
  }

  async exists(id: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('payment_events')
      .select('id')
      .where('id', '=', id)
      .executeTakeFirst()
    return row !== undefined
  }

  /** @returns how many of the rows made before `before` were removed, `limit` at most */
  deleteOld(before: number, limit: number): Promise<number> {
    return deleteBefore(this.db, { table: 'payment_events', id: 'id', time: 'created_at' }, before, limit)
  }
}
