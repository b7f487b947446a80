import { type Kysely, sql } from 'kysely'
import type { BackupCodeTable, Database, TwoFactorTable } from '../schema'

export type TwoFactorRow = TwoFactorTable
export type BackupCodeRow = BackupCodeTable

/** Second factors and backup codes. */
export class TwoFactorStore {
  constructor(private readonly db: Kysely<Database>) {}

  find(userId: string): Promise<TwoFactorRow | undefined> {
    return this.db.selectFrom('two_factors').selectAll().where('user_id', '=', userId).executeTakeFirst()
  }

  /** Puts a new one in place of the user's old one. */
  async replace(row: TwoFactorRow): Promise<void> {
    await this.delete(row.user_id)
    await this.db.insertInto('two_factors').values(row).execute()
  }

  async update(userId: string, changes: Partial<Omit<TwoFactorRow, 'user_id'>>): Promise<void> {
    await this.db.updateTable('two_factors').set(changes).where('user_id', '=', userId).execute()
  }

  /** Uses a TOTP step, if it is newer than all that were used. @returns false if it is not */
  async useStep(userId: string, step: number): Promise<boolean> {
    const result = await this.db
      .updateTable('two_factors')
      .set({ last_used_step: step })
      .where('user_id', '=', userId)
      .where('last_used_step', '<', step)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }

  /** Uses the mailed code up. @returns false if it is another one, is bound to something else, has ended or was used */
  async useCode(userId: string, codeHash: string, boundTo: string, now: number): Promise<boolean> {
    const result = await this.db
      .updateTable('two_factors')
      .set({ code_hash: null, code_bound_to: null, code_expires_at: null })
      .where('user_id', '=', userId)
      .where('code_hash', '=', codeHash)
      .where('code_bound_to', '=', boundTo)
      .where('code_expires_at', '>', now)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }

  async delete(userId: string): Promise<void> {
    await this.db.deleteFrom('two_factors').where('user_id', '=', userId).execute()
  }

  /** Puts new backup codes in place of all that the user has. */
  async replaceBackupCodes(userId: string, rows: readonly BackupCodeRow[]): Promise<void> {
    await this.db.deleteFrom('backup_codes').where('user_id', '=', userId).execute()
    if (rows.length > 0) await this.db.insertInto('backup_codes').values(rows).execute()
  }

  /** Uses a backup code up. @returns false if there is no such unused one */
  async useBackupCode(userId: string, codeHash: string, now: number): Promise<boolean> {
    const result = await this.db
      .updateTable('backup_codes')
      .set({ used_at: now })
      .where('user_id', '=', userId)
      .where('code_hash', '=', codeHash)
      .where('used_at', 'is', null)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }

  async countBackupCodes(userId: string): Promise<number> {
    const row = await this.db
      .selectFrom('backup_codes')
      .select(sql<number>`count(*)`.as('n'))
      .where('user_id', '=', userId)
      .where('used_at', 'is', null)
      .executeTakeFirstOrThrow()
    return Number(row.n)
  }
}
