import { type Kysely, type SqlBool, sql } from 'kysely'
import { type EngineName, jsonColumns } from '../row-columns'
import type { RowQuery } from '../row-filter'
import type { Database, ResourceRowTable, ResourceValueTable } from '../schema'
import { selectRows } from '../select-rows'
import type { PageResult } from './page'

export type StoredRow = ResourceRowTable

/** A row of a list, which is without its data if that is long: then it is found by its id. */
export interface ListedRow extends Omit<StoredRow, 'data'> {
  data: string | null
}

/** So that a list is bounded whatever its rows hold. */
const MAX_LISTED_BYTES = 64 * 1024

const shortData = sql<
  string | null
>`case when octet_length(data) <= ${sql.lit(MAX_LISTED_BYTES)} then data end`.as('data')

/** Fewer than a statement can have parameters for. */
const VALUES_AT_ONCE = 500

/** The value of a unique field, as its SHA-256. */
export interface UniqueValue {
  readonly field: string
  readonly digest: string
}

/** Rows of resources, and their values of unique fields. */
export class ResourceRowStore {
  constructor(
    private readonly db: Kysely<Database>,
    private readonly engine: EngineName,
  ) {}

  async insert(row: StoredRow): Promise<void> {
    await this.db.insertInto('resource_rows').values(row).execute()
  }

  find(organizationId: string, resource: string, id: string): Promise<StoredRow | undefined> {
    return this.rows(organizationId, resource).where('id', '=', id).executeTakeFirst()
  }

  list(organizationId: string, resource: string, query: RowQuery): Promise<PageResult<ListedRow>> {
    const rows = this.rows(organizationId, resource)
      .clearSelect()
      .select(['organization_id', 'resource', 'id', 'created_at', 'updated_at'])
      .select(shortData)
    return selectRows(rows, query, jsonColumns(this.engine), this.engine)
  }

  /** How many rows there are, or `most` if there are more: no more of them are looked at. */
  async countUpTo(organizationId: string, resource: string, most: number): Promise<number> {
    const { count } = await this.db
      .selectFrom(this.rows(organizationId, resource).clearSelect().select('id').limit(most).as('counted'))
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  async isThereAny(organizationId: string, resource: string): Promise<boolean> {
    const row = await this.rows(organizationId, resource)
      .clearSelect()
      .select('id')
      .limit(1)
      .executeTakeFirst()
    return row !== undefined
  }

  /**
   * Rows that have a value in any of the fields, in the order of their ids; without their data if that is long.
   * @param after the id that is before the first; '' for all
   */
  listHolding(
    organizationId: string,
    resource: string,
    fields: readonly string[],
    after: string,
    limit: number,
  ): Promise<Pick<ListedRow, 'id' | 'data'>[]> {
    const columns = jsonColumns(this.engine)
    const holding = fields.map(field => sql<SqlBool>`${columns(field, 'json')} is not null`)
    return this.rows(organizationId, resource)
      .clearSelect()
      .select(['id', shortData])
      .where(eb => eb.or(holding))
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute()
  }

  async update({ organization_id, resource, id, data, updated_at }: StoredRow): Promise<void> {
    await this.db
      .updateTable('resource_rows')
      .set({ data, updated_at })
      .where('organization_id', '=', organization_id)
      .where('resource', '=', resource)
      .where('id', '=', id)
      .execute()
  }

  /** Its values of unique fields are free then. */
  async delete(organizationId: string, resource: string, id: string): Promise<void> {
    await this.db
      .deleteFrom('resource_rows')
      .where('organization_id', '=', organizationId)
      .where('resource', '=', resource)
      .where('id', '=', id)
      .execute()
  }

  /** Every row of a resource; their values of unique fields are free then. */
  async deleteAll(organizationId: string, resource: string): Promise<void> {
    await this.db
      .deleteFrom('resource_rows')
      .where('organization_id', '=', organizationId)
      .where('resource', '=', resource)
      .execute()
  }

  /**
   * Takes values of unique fields for a row, in place of those that it has.
   * @returns the first field whose value another row has, or undefined: then all are taken
   */
  async takeValues(
    row: Pick<StoredRow, 'organization_id' | 'resource' | 'id'>,
    values: readonly UniqueValue[],
  ): Promise<string | undefined> {
    const { organization_id, resource, id } = row
    await this.db
      .deleteFrom('resource_values')
      .where('organization_id', '=', organization_id)
      .where('resource', '=', resource)
      .where('row_id', '=', id)
      .execute()
    if (values.length === 0) return undefined
    const taken = await this.db
      .insertInto('resource_values')
      .values(
        values.map(({ field, digest }) => ({
          organization_id,
          resource,
          field,
          value_digest: digest,
          row_id: id,
        })),
      )
      .onConflict(conflict => conflict.doNothing())
      .returning('field')
      .execute()
    return values.find(({ field }) => !taken.some(row => row.field === field))?.field
  }

  /** Fails on a value that is there already, as the values of a unique field are. */
  async insertValues(rows: readonly ResourceValueTable[]): Promise<void> {
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

  private rows(organizationId: string, resource: string) {
    return this.db
      .selectFrom('resource_rows')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('resource', '=', resource)
  }
}
