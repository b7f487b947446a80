import type { ProjectRow, ProjectWithCreatorRow } from '../../storage/stores/project-store'
import { findUniqueViolation } from '../../storage/unique-violation'
import { recordAct } from '../audit/record-act'
import { chooseFreeName } from '../choose-free-name'
import { deriveSlug } from '../derive-slug'
import type { DomainContext } from '../domain-context'
import { conflict } from '../domain-error'
import { withMembershipLocked } from '../members/with-membership-locked'
import { assertProjectSlot } from '../plans/assert-project-slot'
import type { Actor } from '../principals/actor'
import { retryOnCollision } from '../retry-on-collision'
import { getProject } from './get-project'

export const PROJECT_SLUG_TAKEN = 'Another project of this organization has this slug'

/** What a caller says of a project. */
export interface NewProject {
  readonly name: string
  /** Undefined: derived from the name. */
  readonly slug: string | undefined
  readonly website: string | null
  readonly description: string | null
  readonly businessContext: string | null
  readonly monitoringIntent: string | null
  readonly status: string
  readonly frequency: string | null
  readonly timezone: string
}

/** @throws DomainError CONFLICT if the slug asked for is taken in the organization; PLAN_LIMIT_REACHED; FORBIDDEN */
export const createProject = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  input: NewProject,
): Promise<ProjectWithCreatorRow> => {
  const { clock, newId, randomBytes, logger } = context
  const { principal } = actor
  const id = newId()
  const now = clock()
  const insert = () =>
    withMembershipLocked(context, organizationId, principal.userId, async stores => {
      await assertProjectSlot(context, stores, organizationId)
      const isTaken = (slug: string) => stores.projects.isSlugTaken(organizationId, slug)
      const row: ProjectRow = {
        organization_id: organizationId,
        id,
        name: input.name,
        slug: input.slug ?? (await chooseFreeName(deriveSlug(input.name, 'project'), isTaken, randomBytes)),
        website: input.website,
        description: input.description,
        business_context: input.businessContext,
        monitoring_intent: input.monitoringIntent,
        status: input.status,
        frequency: input.frequency,
        timezone: input.timezone,
        created_by_user_id: principal.userId,
        created_at: now,
        updated_at: now,
      }
      await stores.projects.insert(row)
      await recordAct(context, stores, actor, {
        organizationId,
        action: 'project.created',
        resource: { type: 'project', id },
        details: { name: row.name, slug: row.slug },
      })
    })
  try {
    await (input.slug === undefined ? retryOnCollision(['slug'], insert) : insert())
  } catch (error) {
    if (findUniqueViolation(error)) throw conflict('slug', PROJECT_SLUG_TAKEN)
    throw error
  }
  logger.info(
    { event: 'project.created', organizationId, projectId: id, by: principal.credentialId },
    'project created',
  )
  return getProject(context, principal, organizationId, id)
}
