import type { Row } from './row'
import { grantsFor, type RowAccess } from './row-access'

/**
 * A row as far as its reader may see it, fields in the order of the resource; null: no value.
 * @param access to read; undefined: nothing but what every row has
 */
export const visibleRow = (row: Row, access: RowAccess | undefined): Row => {
  const grants = access ? grantsFor(access, row) : []
  const fields = access?.resource.fields ?? []
  const values = fields
    .filter(({ name }) => grants.some(grant => grant.fields.has(name)))
    .map(({ name }) => [name, row.values.get(name) ?? null] as const)
  return { ...row, values: new Map(values) }
}
