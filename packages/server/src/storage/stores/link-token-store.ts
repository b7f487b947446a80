import type { Kysely } from 'kysely'
import type { Database, LinkTokenTable } from '../schema'
import { deleteBefore } from './delete-before'

export type LinkTokenRow = LinkTokenTable

/** Single-use links sent by mail. */
export class LinkTokenStore {
  constructor(private readonly db: Kysely<Database>) {}

  /** Puts a new link in place of the unused ones that the user has for the same purpose. */
  async replace(row: LinkTokenRow): Promise<void> {
    await this.db
      .deleteFrom('link_tokens')
      .where('user_id', '=', row.user_id)
      .where('purpose', '=', row.purpose)
      .where('used_at', 'is', null)
      .execute()
    await this.db.insertInto('link_tokens').values(row).execute()
  }

  /** A live link, left as it is. */
  findLive(tokenHash: string, purpose: string, now: number): Promise<LinkTokenRow | undefined> {
    return this.db
      .selectFrom('link_tokens')
      .selectAll()
      .where('token_hash', '=', tokenHash)
      .where('purpose', '=', purpose)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .executeTakeFirst()
  }

  /** Used and ended ones too, oldest first. */
  list(userId: string): Promise<LinkTokenRow[]> {
    return this.db
      .selectFrom('link_tokens')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
  }

  /** Ends the unused links of a user for these purposes. */
  async deleteUnused(userId: string, purposes: readonly string[]): Promise<void> {
    await this.db
      .deleteFrom('link_tokens')
      .where('user_id', '=', userId)
      .where('purpose', 'in', purposes)
      .where('used_at', 'is', null)
      .execute()
  }

  /** Marks a live link as used; of two at the same time one gets the row, the other undefined. */
  use(tokenHash: string, purpose: string, now: number): Promise<LinkTokenRow | undefined> {
    return this.db
      .updateTable('link_tokens')
      .set({ used_at: now })
      .where('token_hash', '=', tokenHash)
      .where('purpose', '=', purpose)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .returningAll()
      .executeTakeFirst()
  }

  /** @returns how many of the rows that ended before `before` were removed, `limit` at most */
  deleteExpired(before: number, limit: number): Promise<number> {
    return deleteBefore(this.db, { table: 'link_tokens', id: 'id', time: 'expires_at' }, before, limit)
  }
}
