import type { Kysely } from 'kysely'
import type { ChallengeTable, Database } from '../schema'
import { deleteBefore } from './delete-before'

export type ChallengeRow = ChallengeTable

/** What was handed out to be answered once. */
export class ChallengeStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: ChallengeRow): Promise<void> {
    await this.db.insertInto('challenges').values(row).execute()
  }

  findLive(kind: string, tokenHash: string, now: number): Promise<ChallengeRow | undefined> {
    return this.db
      .selectFrom('challenges')
      .selectAll()
      .where('token_hash', '=', tokenHash)
      .where('kind', '=', kind)
      .where('expires_at', '>', now)
      .executeTakeFirst()
  }

  /** Oldest first. */
  list(userId: string): Promise<ChallengeRow[]> {
    return this.db
      .selectFrom('challenges')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
  }

  /** Takes a live challenge away; of two at the same time one gets the row, the other undefined. */
  take(kind: string, tokenHash: string, now: number): Promise<ChallengeRow | undefined> {
    return this.db
      .deleteFrom('challenges')
      .where('token_hash', '=', tokenHash)
      .where('kind', '=', kind)
      .where('expires_at', '>', now)
      .returningAll()
      .executeTakeFirst()
  }

  async updateData(id: string, sealed_data: string): Promise<void> {
    await this.db.updateTable('challenges').set({ sealed_data }).where('id', '=', id).execute()
  }

  async deleteOfUser(userId: string): Promise<void> {
    await this.db.deleteFrom('challenges').where('user_id', '=', userId).execute()
  }

  /** @returns how many of the rows that ended before `before` were removed, `limit` at most */
  deleteExpired(before: number, limit: number): Promise<number> {
    return deleteBefore(this.db, { table: 'challenges', id: 'id', time: 'expires_at' }, before, limit)
  }
}
