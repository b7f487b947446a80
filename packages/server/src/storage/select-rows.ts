import { type SelectQueryBuilder, sql } from 'kysely'
import { compileRowFilter } from './compile-row-filter'
import type { EngineName, RowColumns } from './row-columns'
import type { RowQuery, RowSort } from './row-filter'
import type { Database } from './schema'
import type { PageResult } from './stores/page'

/** These have a value in every row: what an index holds in order need not be sorted again. */
const NEVER_NULL: ReadonlySet<string> = new Set(['id', 'created_at', 'updated_at'])

/**
 * Runs a query as one page.
 * @param query bound to its organization
 */
export const selectRows = async <Tables extends keyof Database, Row>(
  query: SelectQueryBuilder<Database, Tables, Row>,
  { filter, sort, limit, offset }: RowQuery,
  columns: RowColumns,
  engine: EngineName,
): Promise<PageResult<Row>> => {
  const filtered = query.where(compileRowFilter(filter, columns, engine))
  const sortColumn = ({ field, kind, where }: RowSort) =>
    where
      ? sql`case when ${compileRowFilter(where, columns, engine)} then ${columns(field, kind)} end`
      : columns(field, kind)
  let ordered = filtered
  for (const by of sort) {
    const direction = by.isDescending ? sql`desc` : sql`asc`
    const isSure = NEVER_NULL.has(by.field) && !by.where
    ordered = ordered.orderBy(sql`${sortColumn(by)} ${direction}${isSure ? sql`` : sql` nulls last`}`)
  }
  const last = sort.at(-1)
  const items = await ordered
    .orderBy(sql`${columns('id', 'text')} ${last?.isDescending ? sql`desc` : sql`asc`}`)
    .limit(limit)
    .offset(offset)
    .execute()
  if (items.length < limit && (items.length > 0 || offset === 0))
    return { items, total: offset + items.length }
  const counted = await filtered
    .clearSelect()
    .select(sql<number>`count(*)`.as('total'))
    .executeTakeFirstOrThrow()
  return { items, total: Number(counted.total) }
}
