import type { Kysely } from 'kysely'
import type { Database, PaymentEventTable } from '../schema'

export type PaymentEventRow = PaymentEventTable

/** Events of the payment provider, each taken into account once. */
export class PaymentEventStore {
  constructor(private readonly db: Kysely<Database>) {}
}
