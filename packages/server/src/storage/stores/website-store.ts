import type { Kysely } from 'kysely'
import type { Database, WebsiteTable } from '../schema'

export type WebsiteRow = WebsiteTable

/** Websites of an organization. */
export class WebsiteStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: WebsiteRow): Promise<void> {
    await this.db.insertInto('websites').values(row).execute()
  }
}
