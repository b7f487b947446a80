import type { ColumnDataType, Expression, Kysely } from 'kysely'

/** How an engine spells the two types that all columns have. */
export type ColumnTypes = {
  readonly text: ColumnDataType | Expression<string>
  /** Holds any whole number of JavaScript. */
  readonly wholeNumber: ColumnDataType
}

/** One step forward of the database's tables; there is no way back. */
export type Migration = {
  /** Sorts after the names of all earlier migrations. */
  readonly name: string
  readonly up: (db: Kysely<unknown>, types: ColumnTypes) => Promise<void>
}
