import type { Kysely } from 'kysely'
import type { Database, SessionTable } from '../schema'
import { deleteBefore } from './delete-before'

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

  /** @returns the changed row, or undefined if there is no such session any more */
  replaceSecret(
    userId: string,
    id: string,
    changes: Pick<SessionRow, 'id' | 'token_hash' | 'authenticated_at'>,
  ): Promise<SessionRow | undefined> {
    return this.db
      .updateTable('sessions')
      .set(changes)
      .where('user_id', '=', userId)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
  }

  /** A use that was written down later than a newer one changes nothing. */
  async markSeen(id: string, at: number): Promise<void> {
    await this.db
      .updateTable('sessions')
      .set({ last_seen_at: at })
      .where('id', '=', id)
      .where('last_seen_at', '<', at)
      .execute()
  }

  /** @returns how many live ones there were: 0 or 1 */
  async delete(userId: string, id: string, now: number): Promise<number> {
    const result = await this.db
      .deleteFrom('sessions')
      .where('user_id', '=', userId)
      .where('id', '=', id)
      .where('expires_at', '>', now)
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  }

  /** @returns how many live ones there were */
  async deleteAll(userId: string, now: number, exceptId?: string): Promise<number> {
    const result = await this.db
      .deleteFrom('sessions')
      .where('id', 'in', eb => {
        const live = eb
          .selectFrom('sessions')
          .select('id')
          .where('user_id', '=', userId)
          .where('expires_at', '>', now)
        // In the order of ids, as uses are written, so that neither waits for the other in a circle.
        return (exceptId === undefined ? live : live.where('id', '!=', exceptId)).orderBy('id').forUpdate()
      })
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  }

  /** @returns how many of the rows that ended before `before` were removed, `limit` at most */
  deleteExpired(before: number, limit: number): Promise<number> {
    return deleteBefore(this.db, { table: 'sessions', id: 'id', time: 'expires_at' }, before, limit)
  }
}
