import type { Kysely } from 'kysely'
import type { Database, ResourceRowTable } from '../schema'

export type StoredRow = ResourceRowTable

/** Rows of resources. */
export class ResourceRowStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: StoredRow): Promise<void> {
    await this.db.insertInto('resource_rows').values(row).execute()
  }
}
