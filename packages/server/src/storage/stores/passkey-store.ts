import { type Kysely, sql } from 'kysely'
import type { Database, PasskeyTable } from '../schema'

export type PasskeyRow = PasskeyTable

export class PasskeyStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: PasskeyRow): Promise<void> {
    await this.db.insertInto('passkeys').values(row).execute()
  }

  findByCredentialId(credentialId: string): Promise<PasskeyRow | undefined> {
    return this.db
      .selectFrom('passkeys')
      .selectAll()
      .where('credential_id', '=', credentialId)
      .executeTakeFirst()
  }

  /** Oldest first. */
  list(userId: string): Promise<PasskeyRow[]> {
    return this.db
      .selectFrom('passkeys')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
  }

  async count(userId: string): Promise<number> {
    const row = await this.db
      .selectFrom('passkeys')
      .select(sql<number>`count(*)`.as('n'))
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow()
    return Number(row.n)
  }

  rename(userId: string, id: string, name: string): Promise<PasskeyRow | undefined> {
    return this.db
      .updateTable('passkeys')
      .set({ name })
      .where('user_id', '=', userId)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
  }

  /** Notes a use, if the count of signatures is still what it was. @returns false if it is not */
  async markUsed(
    { id, signature_count }: Pick<PasskeyRow, 'id' | 'signature_count'>,
    use: Pick<PasskeyRow, 'signature_count' | 'backed_up' | 'last_used_at'>,
  ): Promise<boolean> {
    const result = await this.db
      .updateTable('passkeys')
      .set(use)
      .where('id', '=', id)
      .where('signature_count', '=', signature_count)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }

  async deleteAll(userId: string): Promise<void> {
    await this.db.deleteFrom('passkeys').where('user_id', '=', userId).execute()
  }

  delete(userId: string, id: string): Promise<PasskeyRow | undefined> {
    return this.db
      .deleteFrom('passkeys')
      .where('user_id', '=', userId)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
  }
}
