import type { ResourceDefinition } from '@snoop/sdk/contract'
import { invalidFields } from '../domain-error'
import { definitionProblems } from './definition-problems'

/** @throws DomainError VALIDATION_ERROR that names each place */
export const assertSoundDefinition = (definition: ResourceDefinition): void => {
  const fields = definitionProblems(definition).map(problem => ({ ...problem, location: 'body' as const }))
  if (fields.length === 0) return
  throw invalidFields(fields)
}
