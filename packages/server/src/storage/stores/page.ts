import { type Expression, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import type { Database } from '../schema'

/** A slice of a list, as the contract's `pagingQuery` makes it. */
export interface PageRequest {
  readonly offset: number
  readonly limit: number
  readonly q?: string | undefined
  /** A key of the store's sort columns; `-` in front for descending. */
  readonly sort: string
}

export interface PageResult<Row> {
  readonly items: Row[]
  readonly total: number
}

/** As `lower` of both engines does: letters of other alphabets stay as they are. */
const lowerAscii = (text: string): string => text.replace(/[A-Z]/g, letter => letter.toLowerCase())

/** `column contains text`, without regard to ASCII case; `%` and `_` in the text are themselves. */
export const contains = (column: Expression<string>, text: string): Expression<SqlBool> => {
  const pattern = `%${lowerAscii(text).replace(/[\\%_]/g, match => `\\${match}`)}%`
  return sql<SqlBool>`lower(${column}) like ${pattern} escape '\\'`
}

/**
 * Runs a filtered query as one page: rows in the asked order (ties by id, same direction) and the total.
 * @param sortColumns from the names that callers may use to expressions of the query
 */
export const selectPage = async <Tables extends keyof Database, Row>(
  query: SelectQueryBuilder<Database, Tables, Row>,
  page: PageRequest,
  sortColumns: Readonly<Record<string, Expression<unknown>>>,
  idColumn: Expression<unknown>,
): Promise<PageResult<Row>> => {
  const descending = page.sort.startsWith('-')
  const sortColumn = sortColumns[descending ? page.sort.slice(1) : page.sort] ?? idColumn
  const direction = descending ? 'desc' : 'asc'
  const items = await query
    .orderBy(sortColumn as Expression<never>, direction)
    .orderBy(idColumn as Expression<never>, direction)
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  if (items.length < page.limit && (items.length > 0 || page.offset === 0)) {
    return { items, total: page.offset + items.length }
  }
  const counted = await query
    .clearSelect()
    .select(sql<number>`count(*)`.as('total'))
    .executeTakeFirstOrThrow()
  return { items, total: Number(counted.total) }
}
