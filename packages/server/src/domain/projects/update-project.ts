import type { ProjectRow, ProjectWithCreatorRow } from '../../storage/stores/project-store'
import { findUniqueViolation } from '../../storage/unique-violation'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { conflict } from '../domain-error'
import { withMembershipLocked } from '../members/with-membership-locked'
import type { Actor } from '../principals/actor'
import { type NewProject, PROJECT_SLUG_TAKEN } from './create-project'
import { getProject } from './get-project'
import { projectNotFound } from './project-not-found'

/** Fields that are undefined stay as they are. */
export type ProjectChange = { readonly [Field in keyof NewProject]?: NewProject[Field] | undefined }

const columns = {
  name: 'name',
  slug: 'slug',
  website: 'website',
  description: 'description',
  businessContext: 'business_context',
  monitoringIntent: 'monitoring_intent',
  status: 'status',
  frequency: 'frequency',
  timezone: 'timezone',
} as const satisfies Record<keyof NewProject, keyof ProjectRow>

const changedColumns = (change: ProjectChange): Partial<ProjectRow> =>
  Object.fromEntries(
    Object.entries(columns)
      .filter(([field]) => change[field as keyof NewProject] !== undefined)
      .map(([field, column]) => [column, change[field as keyof NewProject]]),
  )

/** @throws DomainError NOT_FOUND, TENANT_VIOLATION, CONFLICT if the slug is taken in the organization, FORBIDDEN */
export const updateProject = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  id: string,
  change: ProjectChange,
): Promise<ProjectWithCreatorRow> => {
  const { clock, logger } = context
  const { principal } = actor
  const changed = changedColumns(change)
  let count: number
  try {
    count = await withMembershipLocked(context, organizationId, principal.userId, async stores => {
      const updated = await stores.projects.update(organizationId, id, { ...changed, updated_at: clock() })
      if (updated > 0) {
        await recordAct(context, stores, actor, {
          organizationId,
          action: 'project.updated',
          resource: { type: 'project', id },
          details: { fields: Object.keys(changed) },
        })
      }
      return updated
    })
  } catch (error) {
    if (findUniqueViolation(error)) throw conflict('slug', PROJECT_SLUG_TAKEN)
    throw error
  }
  if (count === 0) throw await projectNotFound(context, principal, id)
  logger.info(
    { event: 'project.updated', organizationId, projectId: id, by: principal.credentialId },
    'project updated',
  )
  return getProject(context, principal, organizationId, id)
}
