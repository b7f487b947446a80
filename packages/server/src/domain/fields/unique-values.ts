import { hash } from 'node:crypto'
import type { ResourceField } from '@snoop/sdk/contract'
import type { UniqueValue } from '../../storage/stores/resource-row-store'

/** Values that no other row may have. Rows without a value do not collide. */
export const uniqueValues = (
  fields: readonly ResourceField[],
  values: ReadonlyMap<string, unknown>,
): readonly UniqueValue[] =>
  fields.flatMap(({ name, unique }) => {
    const value = values.get(name)
    return unique && (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      ? [{ field: name, digest: hash('sha256', JSON.stringify(value), 'base64url') }]
      : []
  })
