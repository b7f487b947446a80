import type { Kysely } from 'kysely'
import type { Database, ResourceRowTable, ResourceTable, ResourceValueTable } from '../schema'

export type ResourceDefinitionRow = ResourceTable
export type ResourceValueRow = ResourceValueTable

/** Fewer than a statement can have parameters for. */
const VALUES_AT_ONCE = 500

/** Resources that organizations defined, and what of their rows depends on the definition. */
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

  /** With all rows. @returns how many resources were deleted: 1 or 0 */
  async delete(organizationId: string, name: string): Promise<number> {
    await this.db
      .deleteFrom('resource_rows')
      .where('organization_id', '=', organizationId)
      .where('resource', '=', name)
      .execute()
    const { numDeletedRows } = await this.db
      .deleteFrom('resources')
      .where('organization_id', '=', organizationId)
      .where('name', '=', name)
      .executeTakeFirst()
    return Number(numDeletedRows)
  }

  /** Rows in the order of their ids. @param after the id that is before the first; '' for all */
  listRows(
    organizationId: string,
    resource: string,
    after: string,
    limit: number,
  ): Promise<Pick<ResourceRowTable, 'id' | 'data'>[]> {
    return this.db
      .selectFrom('resource_rows')
      .select(['id', 'data'])
      .where('organization_id', '=', organizationId)
      .where('resource', '=', resource)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute()
  }

  /** Fails on a value that is there already, as the values of a unique field are. */
  async insertValues(rows: readonly ResourceValueRow[]): Promise<void> {
    for (let from = 0; from < rows.length; from += VALUES_AT_ONCE) {
      await this.db
        .insertInto('resource_values')
        .values(rows.slice(from, from + VALUES_AT_ONCE))
        .execute()
    }
  }

  /** Of fields that are unique no more. */
  async deleteValues(organizationId: string, resource: string, fields: readonly string[]): Promise<void> {
    if (fields.length === 0) return
    await this.db
      .deleteFrom('resource_values')
      .where('organization_id', '=', organizationId)
      .where('resource', '=', resource)
      .where('field', 'in', fields)
      .execute()
  }
}
