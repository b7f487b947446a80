import type { Kysely } from 'kysely'
import type { BillingSettingsTable, Database } from '../schema'

export type BillingSettingsRow = BillingSettingsTable

/** What invoices of organizations are made out to. */
export class BillingSettingsStore {
  constructor(private readonly db: Kysely<Database>) {}

  find(organizationId: string): Promise<BillingSettingsRow | undefined> {
    return this.db
      .selectFrom('billing_settings')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .executeTakeFirst()
  }

  async put(row: BillingSettingsRow): Promise<void> {
    const { organization_id, ...values } = row
    await this.db
      .insertInto('billing_settings')
      .values(row)
      .onConflict(conflict => conflict.column('organization_id').doUpdateSet(values))
      .execute()
  }
}
