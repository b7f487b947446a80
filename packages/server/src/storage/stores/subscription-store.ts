import type { Kysely } from 'kysely'
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
}
