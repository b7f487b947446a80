import type { ColumnDataType, Expression, Kysely, RawBuilder } from 'kysely'

/** How an engine spells the two types that all columns have, and a kind of table. */
export type ColumnTypes = {
  readonly text: ColumnDataType | Expression<string>
  /** Holds any whole number of JavaScript. */
  readonly wholeNumber: ColumnDataType
  /** Before `table`, for rows that a crash may lose; undefined where such rows have no place in the database. */
  readonly unlogged: RawBuilder<unknown> | undefined
}

/** One step forward of the database's tables; there is no way back. */
export type Migration = {
  /** Sorts after the names of all earlier migrations. */
  readonly name: string
  readonly up: (db: Kysely<unknown>, types: ColumnTypes) => Promise<void>
}
