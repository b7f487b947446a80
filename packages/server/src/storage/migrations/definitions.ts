import type {
  ColumnDefinitionBuilder,
  ForeignKeyConstraintBuilder,
  Kysely,
  OnModifyForeignAction,
} from 'kysely'
import { uniqueIndexName } from '../unique-violation'

/** A column without null. */
export const required = (column: ColumnDefinitionBuilder) => column.notNull()

/** What becomes of a row when the one that it points to goes. */
export const onDelete = (action: OnModifyForeignAction) => (key: ForeignKeyConstraintBuilder) =>
  key.onDelete(action)

/** Under the name by which a violation is told. */
export async function addUniqueIndex(db: Kysely<unknown>, table: string, columns: string[]): Promise<void> {
  await db.schema.createIndex(uniqueIndexName(table, columns)).on(table).columns(columns).unique().execute()
}

export async function addIndex(db: Kysely<unknown>, table: string, columns: string[]): Promise<void> {
  await db.schema
    .createIndex(`${table}_${columns.join('__')}_index`)
    .on(table)
    .columns(columns)
    .execute()
}
