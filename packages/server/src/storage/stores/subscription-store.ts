import { type Kysely, sql } from 'kysely'
import type { Database, SubscriptionTable } from '../schema'

export type SubscriptionRow = SubscriptionTable

/** What organizations pay for. */
export class SubscriptionStore {
  constructor(private readonly db: Kysely<Database>) {}

  find(organizationId: string): Promise<SubscriptionRow | undefined> {
    return this.db
      .selectFrom('subscriptions')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .executeTakeFirst()
  }

  /** Puts a row where there is none, or only one of another provider; of two at the same time the first one stays. */
  async insert(row: SubscriptionRow): Promise<void> {
    const { organization_id, ...values } = row
    await this.db
      .insertInto('subscriptions')
      .values(row)
      .onConflict(conflict =>
        conflict
          .column('organization_id')
          .doUpdateSet({ ...values, sync_generation: sql`subscriptions.sync_generation + 1` })
          .where('subscriptions.provider', '!=', row.provider),
      )
      .execute()
  }

  /** Before the provider is asked: what was asked for earlier can no longer be written. */
  beginSync(organizationId: string): Promise<SubscriptionRow | undefined> {
    return this.db
      .updateTable('subscriptions')
      .set({ sync_generation: sql`sync_generation + 1` })
      .where('organization_id', '=', organizationId)
      .returningAll()
      .executeTakeFirst()
  }

  /** @returns false, with nothing written, if `beginSync` was called since the row's generation */
  async put(row: SubscriptionRow): Promise<boolean> {
    const { organization_id, ...values } = row
    const written = await this.db
      .insertInto('subscriptions')
      .values(row)
      .onConflict(conflict =>
        conflict
          .column('organization_id')
          .doUpdateSet(values)
          .where('subscriptions.sync_generation', '=', row.sync_generation),
      )
      .returning('organization_id')
      .executeTakeFirst()
    return written !== undefined
  }
}
