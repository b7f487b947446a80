import type { Kysely } from 'kysely'
import type { Database, MailRequestTable } from '../schema'

export type MailRequestRow = MailRequestTable

/** Mails that somebody asked for by address, not answered yet. */
export class MailRequestStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: MailRequestRow): Promise<void> {
    await this.db.insertInto('mail_requests').values(row).execute()
  }

  /** Oldest first. */
  listOldest(limit: number): Promise<MailRequestRow[]> {
    return this.db.selectFrom('mail_requests').selectAll().orderBy('id').limit(limit).execute()
  }

  /** Takes a request away; of two at the same time one gets true. */
  async take(id: string): Promise<boolean> {
    const result = await this.db.deleteFrom('mail_requests').where('id', '=', id).executeTakeFirst()
    return result.numDeletedRows > 0n
  }
}
