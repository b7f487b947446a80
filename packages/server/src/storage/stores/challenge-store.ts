import type { Kysely } from 'kysely'
import type { ChallengeTable, Database } from '../schema'
import { deleteBefore } from './delete-before'

export type ChallengeRow = ChallengeTable

/** What was handed out to be answered once. */
export class ChallengeStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: Omit<ChallengeRow, 'wrong_codes'>): Promise<void> {
    await this.db
      .insertInto('challenges')
      .values({ ...row, wrong_codes: 0 })
      .execute()
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

  /**
   * Counts a wrong code against a live challenge.
   * @returns how many it has had with this one; undefined if there is none such
   */
  async addWrongCode(kind: string, tokenHash: string, now: number): Promise<number | undefined> {
    const row = await this.db
      .updateTable('challenges')
      .set(eb => ({ wrong_codes: eb('wrong_codes', '+', 1) }))
      .where('token_hash', '=', tokenHash)
      .where('kind', '=', kind)
      .where('expires_at', '>', now)
      .returning('wrong_codes')
      .executeTakeFirst()
    return row?.wrong_codes
  }

  async deleteOfUser(userId: string): Promise<void> {
    await this.db.deleteFrom('challenges').where('user_id', '=', userId).execute()
  }

  /** @returns how many of the rows that ended before `before` were removed, `limit` at most */
  deleteExpired(before: number, limit: number): Promise<number> {
    return deleteBefore(this.db, { table: 'challenges', id: 'id', time: 'expires_at' }, before, limit)
  }
}
