import { hash } from 'node:crypto'
import type { Resource } from '@snoop/sdk/contract'
import type { UniqueValue } from '../../storage/stores/resource-row-store'
import { conflict, type DomainError } from '../domain-error'
import type { Values } from './read-values'

/** Names of an object in one order, so that equal values are written alike. */
const inOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
    : value

/** Values that no other row may have. Rows without a value do not collide. */
export const uniqueValues = ({ fields }: Resource, values: Values): readonly UniqueValue[] =>
  fields.flatMap(({ name, unique }) => {
    const value = values.get(name) ?? null
    if (!unique || value === null) return []
    return [{ field: name, digest: hash('sha256', JSON.stringify(value, inOrder), 'base64url') }]
  })

export const valueTaken = ({ name }: Resource, field: string): DomainError =>
  conflict(field, `Another row of ${name} has this ${field}`)
