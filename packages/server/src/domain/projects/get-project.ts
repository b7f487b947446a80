import type { ProjectWithCreatorRow } from '../../storage/stores/project-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { Principal } from '../principals/principal'

/**
 * Why a project is not to be had under this organization: it belongs to another one of the same caller, which may be
 * said, or it is a stranger's or nobody's, which must look the same.
 */
export const projectNotFound = async (
  { storage }: DomainContext,
  principal: Principal,
  id: string,
): Promise<DomainError> => {
  const isElsewhere =
    principal.pinnedOrganizationId === null && (await storage.projects.existsForMember(principal.userId, id))
  return isElsewhere
    ? new DomainError('TENANT_VIOLATION', {
        message: 'This project belongs to another of your organizations',
      })
    : new DomainError('NOT_FOUND', { message: 'There is no project with this id in this organization' })
}

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
