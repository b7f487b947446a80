import { hash } from 'node:crypto'
import type { Resource } from '@snoop/sdk/contract'
import type { UniqueValue } from '../../storage/stores/resource-row-store'
import { conflict, type DomainError } from '../domain-error'
import type { Values } from './read-values'

/** Values that no other row may have. Rows without a value do not collide. */
export const uniqueValues = ({ fields }: Resource, values: Values): readonly UniqueValue[] =>
  fields.flatMap(({ name, unique }) => {
    const value = values.get(name)
    return unique && (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      ? [{ field: name, digest: hash('sha256', JSON.stringify(value), 'base64url') }]
      : []
  })

export const valueTaken = ({ name }: Resource, field: string): DomainError =>
  conflict(field, `Another row of ${name} has this ${field}`)
