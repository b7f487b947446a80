import { contract } from '@snoop/sdk/contract'
import { type FieldProblem, invalidFields } from '../../domain/domain-error'
import { PROJECT_FIELDS } from '../../domain/resources/project-fields'

const { shape } = contract.projects.create.body

/**
 * What the native API asks of a project's values is asked here too. Fields that it does not have, and null, are left for the
 * resource to judge.
 * @throws DomainError VALIDATION_ERROR
 */
export const readProjectBody = (body: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const values = { ...body }
  const problems: FieldProblem[] = []
  for (const {
    field: { name: field },
    input,
  } of PROJECT_FIELDS) {
    if (!input || !Object.hasOwn(body, field) || body[field] === null) continue
    const parsed = shape[input].safeParse(body[field])
    if (parsed.success) values[field] = parsed.data
    else problems.push({ field, error: parsed.error.issues[0]?.message ?? 'Invalid' })
  }
  if (problems.length === 0) return values
  throw invalidFields(problems)
}
