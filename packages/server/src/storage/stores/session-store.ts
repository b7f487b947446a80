import type { Kysely } from 'kysely'
import type { Database, SessionTable } from '../schema'

export type SessionRow = SessionTable

export class SessionStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: SessionRow): Promise<void> {
    await this.db.insertInto('sessions').values(row).execute()
  }

  /** Live ones, newest first. */
  listLive(userId: string, now: number): Promise<SessionRow[]> {
    return this.db
      .selectFrom('sessions')
      .selectAll()
      .where('user_id', '=', userId)
      .where('expires_at', '>', now)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .execute()
  }

  async update(id: string, changes: Partial<Omit<SessionRow, 'id'>>): Promise<void> {
    await this.db.updateTable('sessions').set(changes).where('id', '=', id).execute()
  }

  /** @returns how many there were */
  async delete(userId: string, id: string): Promise<number> {
    const result = await this.db
      .deleteFrom('sessions')
      .where('user_id', '=', userId)
      .where('id', '=', id)
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  }

  /** @returns how many there were */
  async deleteAll(userId: string, exceptId?: string): Promise<number> {
    let query = this.db.deleteFrom('sessions').where('user_id', '=', userId)
    if (exceptId) query = query.where('id', '!=', exceptId)
    return Number((await query.executeTakeFirst()).numDeletedRows)
  }

  /** @returns how many of the rows that ended before `before` were removed, `limit` at most */
  async deleteExpired(before: number, limit: number): Promise<number> {
    const result = await this.db
      .deleteFrom('sessions')
      .where('id', 'in', eb =>
        eb.selectFrom('sessions').select('id').where('expires_at', '<', before).limit(limit),
      )
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  }
}
