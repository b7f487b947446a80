import type { Kysely } from 'kysely'
import { isMissingTable } from '../missing-table'
import type { Database } from '../schema'

const ID = 'instance'

/** Tells the instance secret that a database was filled with from any other. */
export class InstanceCheckStore {
  constructor(private readonly db: Kysely<Database>) {}

  /** Works before the migrations, too. @returns undefined for a database that was not filled yet */
  async find(): Promise<string | undefined> {
    try {
      return (await this.select().executeTakeFirst())?.check_value
    } catch (error) {
      if (isMissingTable(error)) return undefined
      throw error
    }
  }

  /** Keeps the value if there is none yet. @returns the one that is kept */
  async findOrInsert(value: string): Promise<string> {
    await this.db
      .insertInto('instance_checks')
      .values({ id: ID, check_value: value })
      .onConflict(conflict => conflict.column('id').doNothing())
      .execute()
    return (await this.select().executeTakeFirstOrThrow()).check_value
  }

  private select() {
    return this.db.selectFrom('instance_checks').select('check_value').where('id', '=', ID)
  }
}
