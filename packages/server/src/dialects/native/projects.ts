import type { Contract, Project } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { createProject } from '../../domain/projects/create-project'
import { deleteProject } from '../../domain/projects/delete-project'
import { getProject } from '../../domain/projects/get-project'
import { listProjects } from '../../domain/projects/list-projects'
import { updateProject } from '../../domain/projects/update-project'
import type { ProjectWithCreatorRow } from '../../domain/records'
import type { Handlers } from '../../http/request-context'
import { toTimestamp } from '../../http/timestamp'

const presentProject = (row: ProjectWithCreatorRow): Project => ({
  id: row.id,
  name: row.name,
  slug: row.slug,
  website: row.website,
  description: row.description,
  businessContext: row.business_context,
  monitoringIntent: row.monitoring_intent,
  status: row.status as Project['status'],
  frequency: row.frequency,
  timezone: row.timezone,
  createdByUser:
    row.created_by_user_id === null
      ? null
      : { id: row.created_by_user_id, fullName: row.creator_full_name ?? '' },
  createdAt: toTimestamp(row.created_at),
  updatedAt: toTimestamp(row.updated_at),
})

export const projectHandlers = (domain: DomainContext): Handlers<Contract>['projects'] => ({
  list: async ({ query: { status, ...page } }, { tenant }) => {
    const { items, total } = await listProjects(domain, tenant.organizationId, page, status)
    return { items: items.map(presentProject), total }
  },

  create: async ({ body }, { actor, tenant }) => {
    const {
      website = null,
      description = null,
      businessContext = null,
      monitoringIntent = null,
      frequency = null,
    } = body
    const { name, slug, status, timezone } = body
    const input = {
      name,
      slug,
      status,
      timezone,
      website,
      description,
      businessContext,
      monitoringIntent,
      frequency,
    }
    return presentProject(await createProject(domain, actor, tenant.organizationId, input))
  },

  get: async ({ params: { id } }, { principal, tenant }) =>
    presentProject(await getProject(domain, principal, tenant.organizationId, id)),

  update: async ({ params: { id }, body }, { actor, tenant }) =>
    presentProject(await updateProject(domain, actor, tenant.organizationId, id, body)),

  delete: async ({ params: { id } }, { actor, tenant }) => {
    await deleteProject(domain, actor, tenant.organizationId, id)
    return { id, deleted: true }
  },
})
