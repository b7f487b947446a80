import type { ResourceDefinition } from '@snoop/sdk/contract'
import { invalidField, invalidFields } from '../domain-error'
import { definitionProblems } from './definition-problems'

/** It is read with every request for its rows. */
const MAX_DEFINITION_BYTES = 64 * 1024

/** @throws DomainError VALIDATION_ERROR that names each place */
export const assertSoundDefinition = (definition: ResourceDefinition): void => {
  if (Buffer.byteLength(JSON.stringify(definition)) > MAX_DEFINITION_BYTES)
    throw invalidField('body', `A definition must be at most ${MAX_DEFINITION_BYTES} bytes as JSON`)
  const fields = definitionProblems(definition).map(problem => ({ ...problem, location: 'body' as const }))
  if (fields.length === 0) return
  throw invalidFields(fields)
}
