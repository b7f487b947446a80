import type { ProjectWithCreatorRow } from '../../storage/stores/project-store'
import type { DomainContext } from '../domain-context'
import type { Principal } from '../principals/principal'
import { projectNotFound } from './project-not-found'

/** @throws DomainError NOT_FOUND, TENANT_VIOLATION */
export const getProject = async (
  context: DomainContext,
  principal: Principal,
  organizationId: string,
  id: string,
): Promise<ProjectWithCreatorRow> => {
  const project = await context.storage.projects.find(organizationId, id)
  if (!project) throw await projectNotFound(context, principal, id)
  return project
}
