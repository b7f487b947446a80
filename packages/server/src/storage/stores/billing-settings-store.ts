import type { Kysely } from 'kysely'
import type { BillingSettingsTable, Database } from '../schema'

export type BillingSettingsRow = BillingSettingsTable

/** What invoices of organizations are made out to. */
export class BillingSettingsStore {
  constructor(private readonly db: Kysely<Database>) {}
}
