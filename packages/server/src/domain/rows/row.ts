/** A row of a resource. */
export interface Row {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly updatedAt: number
  /** Field → value; one that is missing has none, which is the same as null. */
  readonly values: ReadonlyMap<string, unknown>
}

/** What a row holds under a name, of its own or of its resource; null: nothing. Times are numbers. */
export const valueIn = (row: Row, field: string): unknown => {
  if (field === 'id') return row.id
  if (field === 'created_at') return row.createdAt
  if (field === 'updated_at') return row.updatedAt
  return row.values.get(field) ?? null
}
