import type { Kysely } from 'kysely'
import type { Database, TokenFamilyTable } from '../schema'

export type TokenFamilyRow = TokenFamilyTable

/** Sign-ins by which access tokens were made, and their refresh tokens. */
export class TokenFamilyStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: TokenFamilyRow): Promise<void> {
    await this.db.insertInto('token_families').values(row).execute()
  }
}
