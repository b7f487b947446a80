import type { Kysely } from 'kysely'
import type { Database, ResourceTable } from '../schema'

export type ResourceDefinitionRow = ResourceTable

/** Resources that organizations defined. */
export class ResourceStore {
  constructor(private readonly db: Kysely<Database>) {}

  list(organizationId: string): Promise<ResourceDefinitionRow[]> {
    return this.db
      .selectFrom('resources')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .orderBy('name')
      .execute()
  }

  find(organizationId: string, name: string): Promise<ResourceDefinitionRow | undefined> {
    return this.db
      .selectFrom('resources')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('name', '=', name)
      .executeTakeFirst()
  }

  async insert(row: ResourceDefinitionRow): Promise<void> {
    await this.db.insertInto('resources').values(row).execute()
  }
}
