import type { Kysely } from 'kysely'
import type { Database } from '../schema'

/** Numbers that count within an organization. */
export class NumberSequenceStore {
  constructor(private readonly db: Kysely<Database>) {}

  /** The next number for a thing of this kind; two at the same time get two. 1 is the first. */
  async next(organizationId: string, kind: 'link' | 'qr_code' | 'website'): Promise<number> {
    const { last_number } = await this.db
      .insertInto('number_sequences')
      .values({ organization_id: organizationId, kind, last_number: 1 })
      .onConflict(conflict =>
        conflict
          .columns(['organization_id', 'kind'])
          .doUpdateSet(eb => ({ last_number: eb('number_sequences.last_number', '+', 1) })),
      )
      .returning('last_number')
      .executeTakeFirstOrThrow()
    return Number(last_number)
  }
}
