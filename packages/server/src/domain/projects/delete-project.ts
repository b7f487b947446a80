import type { DomainContext } from '../domain-context'
import type { Principal } from '../principals/principal'
import { projectNotFound } from './get-project'

/** @throws DomainError NOT_FOUND, TENANT_VIOLATION */
export const deleteProject = async (
  context: DomainContext,
  principal: Principal,
  organizationId: string,
  id: string,
): Promise<void> => {
  const count = await context.storage.projects.delete(organizationId, id)
  if (count === 0) throw await projectNotFound(context, principal, id)
  context.logger.info(
    { event: 'project.deleted', organizationId, projectId: id, by: principal.credentialId },
    'project deleted',
  )
}
