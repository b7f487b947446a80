import { type Kysely, sql } from 'kysely'
import type { CreditEntryTable, Database } from '../schema'

export type CreditEntryRow = CreditEntryTable

/** Credits of organizations, bought and used. */
export class CreditEntryStore {
  constructor(private readonly db: Kysely<Database>) {}

  /** @returns false if its reference has counted already; of two at the same time one gets true */
  async insert(row: CreditEntryRow): Promise<boolean> {
    const inserted = await this.db
      .insertInto('credit_entries')
      .values(row)
      .onConflict(conflict => conflict.columns(['organization_id', 'reference']).doNothing())
      .returning('id')
      .executeTakeFirst()
    return inserted !== undefined
  }

  async sum(organizationId: string): Promise<number> {
    const row = await this.db
      .selectFrom('credit_entries')
      .select(sql<number>`coalesce(sum(amount), 0)`.as('balance'))
      .where('organization_id', '=', organizationId)
      .executeTakeFirstOrThrow()
    return Number(row.balance)
  }
}
