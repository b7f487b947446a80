import type { Kysely } from 'kysely'
import type { Database, ResourceTable } from '../schema'

export type ResourceDefinitionRow = ResourceTable

/** Resources that organizations defined. */
export class ResourceStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: ResourceDefinitionRow): Promise<void> {
    await this.db.insertInto('resources').values(row).execute()
  }
}
