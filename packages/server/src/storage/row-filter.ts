/** How the values of a field compare: texts by code point, numbers as numbers, false before true; JSON not at all. */
export type ValueKind = 'text' | 'number' | 'boolean' | 'json'

interface Compared {
  readonly field: string
  readonly kind: ValueKind
}
/** A value of the field's kind. */
export type FilterValue = string | number | boolean

/**
 * A comparison of a field with a value. `neq` and `nin` are the opposites of `eq` and `in`, so rows without a value meet them;
 * such rows meet nothing else but `is_null`. A stored value of another kind than the field's counts as none.
 */
export type RowComparison = Compared &
  (
    | { readonly op: 'eq' | 'neq' | 'gt' | 'gte' | 'lt' | 'lte'; readonly value: FilterValue }
    | { readonly op: 'in' | 'nin'; readonly values: readonly FilterValue[] }
    | { readonly op: 'is_null' | 'is_not_null' }
    /** A pattern as `readLikePattern` takes it, for the beginning of the text; `ilike`: without regard to the case of A to Z. */
    | { readonly op: 'like' | 'ilike'; readonly pattern: string }
  )

/** Which rows are meant. None of `any` is no row, none of `all` every row. */
export type RowFilter =
  | { readonly all: readonly RowFilter[] }
  | { readonly any: readonly RowFilter[] }
  | RowComparison

export interface RowSort extends Compared {
  readonly isDescending: boolean
  /** Rows that do not meet it are sorted as if they had no value; undefined: all meet it. */
  readonly where: RowFilter | undefined
}

/** A page of rows. Those without a value come last in either direction; ties follow the id in that of the last sort. */
export interface RowQuery {
  readonly filter: RowFilter
  /** At least one. */
  readonly sort: readonly [RowSort, ...RowSort[]]
  readonly limit: number
  readonly offset: number
}
