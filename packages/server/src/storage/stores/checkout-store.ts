import type { Kysely } from 'kysely'
import type { CheckoutTable, Database } from '../schema'

export type CheckoutRow = CheckoutTable

/** Payments that were begun. */
export class CheckoutStore {
  constructor(private readonly db: Kysely<Database>) {}
}
