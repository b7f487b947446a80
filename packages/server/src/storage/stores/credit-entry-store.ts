import type { Kysely } from 'kysely'
import type { CreditEntryTable, Database } from '../schema'

export type CreditEntryRow = CreditEntryTable

/** Credits of organizations, bought and used. */
export class CreditEntryStore {
  constructor(private readonly db: Kysely<Database>) {}
}
