import type { Kysely } from 'kysely'
import type { Database, DeviceTable } from '../schema'
import { deleteBefore } from './delete-before'

export type DeviceRow = DeviceTable

/** Browsers and programs that signed in to an account. */
export class DeviceStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: DeviceRow): Promise<void> {
    await this.db.insertInto('devices').values(row).execute()
  }

  findLive(userId: string, tokenHash: string, now: number): Promise<DeviceRow | undefined> {
    return this.db
      .selectFrom('devices')
      .selectAll()
      .where('user_id', '=', userId)
      .where('token_hash', '=', tokenHash)
      .where('expires_at', '>', now)
      .executeTakeFirst()
  }

  /** Newest sign-in first. */
  listLive(userId: string, now: number): Promise<DeviceRow[]> {
    return this.db
      .selectFrom('devices')
      .selectAll()
      .where('user_id', '=', userId)
      .where('expires_at', '>', now)
      .orderBy('last_sign_in_at', 'desc')
      .orderBy('id', 'desc')
      .execute()
  }

  async update(id: string, changes: Partial<Omit<DeviceRow, 'id' | 'user_id'>>): Promise<void> {
    await this.db.updateTable('devices').set(changes).where('id', '=', id).execute()
  }

  /** From now on each is asked for a second factor again. */
  async endTrust(userId: string): Promise<void> {
    await this.db.updateTable('devices').set({ trusted_until: null }).where('user_id', '=', userId).execute()
  }

  /** @returns how many live ones there were: 0 or 1 */
  async delete(userId: string, id: string, now: number): Promise<number> {
    const result = await this.db
      .deleteFrom('devices')
      .where('user_id', '=', userId)
      .where('id', '=', id)
      .where('expires_at', '>', now)
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  }

  /** @returns how many of the rows that ended before `before` were removed, `limit` at most */
  deleteExpired(before: number, limit: number): Promise<number> {
    return deleteBefore(this.db, { table: 'devices', id: 'id', time: 'expires_at' }, before, limit)
  }
}
