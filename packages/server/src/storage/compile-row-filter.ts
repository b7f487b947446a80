import { type Expression, type SqlBool, sql } from 'kysely'
import { MAX_MATCHED_CHARACTERS, readLikePattern, writeGlobPattern, writeLikePattern } from './like-pattern'
import type { EngineName, RowColumns } from './row-columns'
import type { FilterValue, RowComparison, RowFilter, ValueKind } from './row-filter'

/** Fractions as text, for SQLite's bindings take a very small one for 0. */
const bind = (value: FilterValue): Expression<unknown> => {
  if (typeof value === 'boolean') return sql`${value ? 1 : 0}`
  const isFraction = typeof value === 'number' && !Number.isSafeInteger(value)
  return isFraction ? sql`cast(${String(value)} as double precision)` : sql`${value}`
}

const ALWAYS = sql<SqlBool>`1 = 1`
const NEVER = sql<SqlBool>`1 = 0`

const join = (filters: readonly Expression<SqlBool>[], word: 'and' | 'or'): Expression<SqlBool> => {
  if (filters.length === 0) return word === 'and' ? ALWAYS : NEVER
  return sql<SqlBool>`(${sql.join(filters, word === 'and' ? sql` and ` : sql` or `)})`
}

const POSTGRES_LISTS = {
  text: sql`text[]`,
  json: sql`text[]`,
  number: sql`double precision[]`,
  boolean: sql`integer[]`,
} as const

/** The list is one parameter, however long it is: a statement can have only so many. */
const isOneOf = (
  column: Expression<unknown>,
  kind: ValueKind,
  values: readonly FilterValue[],
  engine: EngineName,
): Expression<SqlBool> => {
  const list = values.map(value => (typeof value === 'boolean' ? Number(value) : value))
  if (engine === 'postgres') return sql<SqlBool>`${column} = any(cast(${list} as ${POSTGRES_LISTS[kind]}))`
  // A large number is read as a whole one, which the column's is not.
  const item = kind === 'number' ? sql`cast(value as double precision)` : sql`value`
  return sql<SqlBool>`${column} in (select ${item} from json_each(${JSON.stringify(list)}))`
}

const isLike = (
  column: Expression<unknown>,
  op: 'like' | 'ilike',
  pattern: string,
  engine: EngineName,
): Expression<SqlBool> => {
  const parts = readLikePattern(pattern)
  if (!parts) return NEVER
  const text = sql`substr(${column}, 1, ${sql.lit(MAX_MATCHED_CHARACTERS)})`
  if (engine === 'sqlite' && op === 'like') return sql<SqlBool>`${text} glob ${writeGlobPattern(parts)}`
  const word = engine === 'postgres' && op === 'ilike' ? sql`ilike` : sql`like`
  return sql<SqlBool>`${text} ${word} ${writeLikePattern(parts)} escape '\\'`
}

const ORDERS = { gt: sql`>`, gte: sql`>=`, lt: sql`<`, lte: sql`<=` } as const

const compare = (comparison: RowComparison, columns: RowColumns, engine: EngineName): Expression<SqlBool> => {
  const column = columns(comparison.field, comparison.kind)
  switch (comparison.op) {
    case 'is_null':
      return sql<SqlBool>`${column} is null`
    case 'is_not_null':
      return sql<SqlBool>`${column} is not null`
    case 'eq':
      return sql<SqlBool>`${column} = ${bind(comparison.value)}`
    case 'neq':
      return sql<SqlBool>`(${column} is null or ${column} <> ${bind(comparison.value)})`
    case 'in':
      return isOneOf(column, comparison.kind, comparison.values, engine)
    case 'nin':
      return sql<SqlBool>`(${column} is null or not (${isOneOf(column, comparison.kind, comparison.values, engine)}))`
    case 'like':
    case 'ilike':
      return isLike(column, comparison.op, comparison.pattern, engine)
    default:
      return sql<SqlBool>`${column} ${ORDERS[comparison.op]} ${bind(comparison.value)}`
  }
}

/** A filter as a condition of SQL; every value of it is bound. */
export const compileRowFilter = (
  filter: RowFilter,
  columns: RowColumns,
  engine: EngineName,
): Expression<SqlBool> => {
  const compile = (part: RowFilter) => compileRowFilter(part, columns, engine)
  if ('all' in filter) return join(filter.all.map(compile), 'and')
  if ('any' in filter) return join(filter.any.map(compile), 'or')
  return compare(filter, columns, engine)
}
