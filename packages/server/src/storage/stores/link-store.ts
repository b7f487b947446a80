import type { Kysely } from 'kysely'
import type { Database, LinkTable } from '../schema'

export type LinkRow = LinkTable

/** Short links of an organization. */
export class LinkStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: LinkRow): Promise<void> {
    await this.db.insertInto('links').values(row).execute()
  }
}
