import { type Expression, type RawBuilder, sql } from 'kysely'
import type { StorageEngine } from './engine'
import type { ValueKind } from './row-filter'
import type { Database } from './schema'

export type EngineName = StorageEngine['name']

/** Where the value of a field stands: an expression of its kind, null where there is none. Booleans are 1 and 0. */
export type RowColumns = (field: string, kind: ValueKind) => Expression<unknown>

/** JSON `null` is no value, and one of another kind is none either: the definition may have changed since it was written. */
const sqliteField = (field: string, kind: ValueKind): RawBuilder<unknown> => {
  const data = sql.ref('data')
  const path = `$.${field}`
  const type = sql`json_type(${data}, ${path})`
  const value = sql`json_extract(${data}, ${path})`
  switch (kind) {
    case 'text':
      return sql`case ${type} when 'text' then ${value} end`
    case 'number':
      return sql`case when ${type} in ('integer', 'real') then cast(${value} as real) end`
    case 'boolean':
      return sql`case ${type} when 'true' then 1 when 'false' then 0 end`
    case 'json':
      return sql`nullif(${type}, 'null')`
  }
}

const postgresField = (field: string, kind: ValueKind): RawBuilder<unknown> => {
  const data = sql`cast(${sql.ref('data')} as jsonb)`
  const name = sql`cast(${field} as text)`
  const type = sql`jsonb_typeof(${data} -> ${name})`
  const value = sql`(${data} ->> ${name})`
  switch (kind) {
    case 'text':
      return sql`(case ${type} when 'string' then ${value} end) collate "C"`
    case 'number':
      return sql`case ${type} when 'number' then cast(${value} as double precision) end`
    case 'boolean':
      return sql`case when ${type} = 'boolean' then case ${value} when 'true' then 1 else 0 end end`
    case 'json':
      return sql`nullif(${type}, 'null')`
  }
}

const OWN_COLUMNS: ReadonlySet<string> = new Set(['id', 'created_at', 'updated_at'])

/** Of a table that holds the fields of a row as JSON in `data`. @param field letters, digits and `_` alone */
export const jsonColumns =
  (engine: EngineName): RowColumns =>
  (field, kind) => {
    if (OWN_COLUMNS.has(field)) return sql.ref(field)
    return engine === 'sqlite' ? sqliteField(field, kind) : postgresField(field, kind)
  }

/** Of a table whose columns are called as the fields are. @param table such as `projects` */
export const columnsOf =
  (table: keyof Database): RowColumns =>
  field =>
    sql.ref(`${table}.${field}`)

/**
 * Of tables that have a column for each field.
 * @param columns field → column
 * @throws Error for a field without column
 */
export const tableColumns =
  (columns: Readonly<Record<string, string>>): RowColumns =>
  field => {
    const column = Object.hasOwn(columns, field) ? columns[field] : undefined
    if (column === undefined) throw new Error(`There is no column for the field ${field}`)
    return sql.ref(column)
  }
