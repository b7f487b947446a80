import { contract } from '@snoop/sdk/contract'
import { DomainError, type FieldProblem } from '../../domain/domain-error'

const { shape } = contract.projects.create.body

/** Fields of the resource `projects`, and those of the native API that they are. */
const FIELDS = {
  name: shape.name,
  slug: shape.slug,
  website: shape.website,
  description: shape.description,
  business_context: shape.businessContext,
  monitoring_intent: shape.monitoringIntent,
  status: shape.status,
  frequency: shape.frequency,
  timezone: shape.timezone,
} as const

/**
 * What the native API asks of a project's values is asked here too. Fields that it does not have, and null, are left for the
 * resource to judge.
 * @throws DomainError VALIDATION_ERROR
 */
export const readProjectBody = (body: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const values = { ...body }
  const problems: FieldProblem[] = []
  for (const [field, schema] of Object.entries(FIELDS)) {
    if (!Object.hasOwn(body, field) || body[field] === null) continue
    const parsed = schema.safeParse(body[field])
    if (parsed.success) values[field] = parsed.data
    else problems.push({ field, error: parsed.error.issues[0]?.message ?? 'Invalid' })
  }
  if (problems.length === 0) return values
  throw new DomainError('VALIDATION_ERROR', {
    message: `Validation failed for fields: ${problems.map(({ field }) => field).join(', ')}`,
    detail: { fields: problems },
  })
}
