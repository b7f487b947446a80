import type { Kysely } from 'kysely'
import type { Database, RefreshTokenTable, TokenFamilyTable } from '../schema'
import { deleteBefore } from './delete-before'

export type TokenFamilyRow = TokenFamilyTable
export type RefreshTokenRow = RefreshTokenTable

/** Sign-ins by which access tokens were made, and their refresh tokens. */
export class TokenFamilyStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: TokenFamilyRow): Promise<void> {
    await this.db.insertInto('token_families').values(row).execute()
  }

  async insertRefreshToken(row: RefreshTokenRow): Promise<void> {
    await this.db.insertInto('refresh_tokens').values(row).execute()
  }

  /** Of a refresh token, whether it can still be used or not. */
  findByRefreshToken(tokenHash: string): Promise<TokenFamilyRow | undefined> {
    return this.db
      .selectFrom('token_families')
      .selectAll('token_families')
      .innerJoin('refresh_tokens', 'refresh_tokens.family_id', 'token_families.id')
      .where('refresh_tokens.token_hash', '=', tokenHash)
      .executeTakeFirst()
  }

  /** Uses up a refresh token of a live family; of several uses, also at the same time, one is the first. */
  async useRefreshToken(tokenHash: string, now: number): Promise<boolean> {
    const used = await this.db
      .updateTable('refresh_tokens')
      .set({ used_at: now })
      .where('token_hash', '=', tokenHash)
      .where('used_at', 'is', null)
      .where('family_id', 'in', eb =>
        eb
          .selectFrom('token_families')
          .select('id')
          .where('ended_at', 'is', null)
          .where('expires_at', '>', now),
      )
      .returning('id')
      .executeTakeFirst()
    return used !== undefined
  }

  /** All of its tokens are dead. @returns false if it had ended before */
  async end(id: string, now: number): Promise<boolean> {
    const ended = await this.db
      .updateTable('token_families')
      .set({ ended_at: now })
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .where('expires_at', '>', now)
      .returning('id')
      .executeTakeFirst()
    return ended !== undefined
  }

  /** Call with the user locked. */
  async endAll(userId: string, now: number): Promise<void> {
    await this.db
      .updateTable('token_families')
      .set({ ended_at: now })
      .where('user_id', '=', userId)
      .where('ended_at', 'is', null)
      .where('expires_at', '>', now)
      .execute()
  }

  /** Newest first, ended ones too. */
  listAll(userId: string): Promise<TokenFamilyRow[]> {
    return this.db
      .selectFrom('token_families')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .execute()
  }

  /**
   * With their refresh tokens.
   * @returns how many of the rows whose time was over before `before` were removed, `limit` at most
   */
  deleteExpired(before: number, limit: number): Promise<number> {
    return deleteBefore(this.db, { table: 'token_families', id: 'id', time: 'expires_at' }, before, limit)
  }
}
