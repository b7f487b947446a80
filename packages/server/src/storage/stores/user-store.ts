import type { Kysely } from 'kysely'
import type { Database, UserTable } from '../schema'

export type UserRow = UserTable

export class UserStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: UserRow): Promise<void> {
    await this.db.insertInto('users').values(row).execute()
  }

  findByEmail(email: string): Promise<UserRow | undefined> {
    return this.db.selectFrom('users').selectAll().where('email', '=', email).executeTakeFirst()
  }

  find(id: string): Promise<UserRow | undefined> {
    return this.db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
  }

  findByHandle(handle: string): Promise<UserRow | undefined> {
    return this.db.selectFrom('users').selectAll().where('handle', '=', handle).executeTakeFirst()
  }

  async isHandleTaken(handle: string): Promise<boolean> {
    return (
      (await this.db.selectFrom('users').select('id').where('handle', '=', handle).executeTakeFirst()) !==
      undefined
    )
  }

  async update(id: string, changes: Partial<Omit<UserRow, 'id'>>): Promise<void> {
    await this.db.updateTable('users').set(changes).where('id', '=', id).execute()
  }

  /** With all rows that belong to the user. */
  async delete(id: string): Promise<void> {
    await this.db.deleteFrom('users').where('id', '=', id).execute()
  }

  /**
   * Holds the row to the end of the transaction, so that what is counted per user stays counted. Rows that only point to
   * it can be written all the same: else who holds an organization and writes one would wait for who holds the user and
   * wants that organization. SQLite needs no such lock, as its write transactions follow one another; its engine leaves
   * it out of the statement.
   * @returns false if there is no such user
   */
  async lock(id: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('users')
      .select('id')
      .where('id', '=', id)
      .forNoKeyUpdate()
      .executeTakeFirst()
    return row !== undefined
  }
}
