import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import type { Actor } from '../principals/actor'
import { projectNotFound } from './get-project'

/** @throws DomainError NOT_FOUND, TENANT_VIOLATION */
export const deleteProject = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  id: string,
): Promise<void> => {
  const { storage, logger } = context
  const count = await storage.transaction(async stores => {
    const deleted = await stores.projects.delete(organizationId, id)
    if (deleted > 0) {
      await recordAct(context, stores, actor, {
        organizationId,
        action: 'project.deleted',
        resource: { type: 'project', id },
      })
    }
    return deleted
  })
  if (count === 0) throw await projectNotFound(context, actor.principal, id)
  logger.info(
    { event: 'project.deleted', organizationId, projectId: id, by: actor.principal.credentialId },
    'project deleted',
  )
}
