import type { Kysely } from 'kysely'
import type { Database } from '../schema'

const ID = 'instance'

/** Tells the instance secret that a database was filled with from any other. */
export class InstanceCheckStore {
  constructor(private readonly db: Kysely<Database>) {}

  /** Keeps the value if there is none yet. @returns the one that is kept */
  async findOrInsert(value: string): Promise<string> {
    await this.db
      .insertInto('instance_checks')
      .values({ id: ID, check_value: value })
      .onConflict(conflict => conflict.column('id').doNothing())
      .execute()
    const row = await this.db
      .selectFrom('instance_checks')
      .select('check_value')
      .where('id', '=', ID)
      .executeTakeFirstOrThrow()
    return row.check_value
  }
}
