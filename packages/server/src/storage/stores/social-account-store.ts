import type { Kysely } from 'kysely'
import type { Database, SocialAccountTable } from '../schema'

export type SocialAccountRow = SocialAccountTable

/** Accounts at other providers. */
export class SocialAccountStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: SocialAccountRow): Promise<void> {
    await this.db.insertInto('social_accounts').values(row).execute()
  }

  find(provider: string, subject: string): Promise<SocialAccountRow | undefined> {
    return this.db
      .selectFrom('social_accounts')
      .selectAll()
      .where('provider', '=', provider)
      .where('subject', '=', subject)
      .executeTakeFirst()
  }

  list(userId: string): Promise<SocialAccountRow[]> {
    return this.db
      .selectFrom('social_accounts')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
  }
}
