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

  async listNames(organizationId: string): Promise<string[]> {
    const rows = await this.db
      .selectFrom('resources')
      .select('name')
      .where('organization_id', '=', organizationId)
      .orderBy('name')
      .execute()
    return rows.map(({ name }) => name)
  }

  find(organizationId: string, name: string): Promise<ResourceDefinitionRow | undefined> {
    return this.db
      .selectFrom('resources')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('name', '=', name)
      .executeTakeFirst()
  }

  async count(organizationId: string): Promise<number> {
    const { count } = await this.db
      .selectFrom('resources')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('organization_id', '=', organizationId)
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  async insert(row: ResourceDefinitionRow): Promise<void> {
    await this.db.insertInto('resources').values(row).execute()
  }

  async update(
    organizationId: string,
    name: string,
    change: Pick<ResourceDefinitionRow, 'definition' | 'updated_at'>,
  ): Promise<void> {
    await this.db
      .updateTable('resources')
      .set(change)
      .where('organization_id', '=', organizationId)
      .where('name', '=', name)
      .execute()
  }

  async delete(organizationId: string, name: string): Promise<void> {
    await this.db
      .deleteFrom('resources')
      .where('organization_id', '=', organizationId)
      .where('name', '=', name)
      .execute()
  }
}
