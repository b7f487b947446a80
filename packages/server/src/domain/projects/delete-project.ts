import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { withMembershipLocked } from '../members/with-membership-locked'
import type { Actor } from '../principals/actor'
import { projectNotFound } from './project-not-found'

/** @throws DomainError NOT_FOUND, TENANT_VIOLATION, FORBIDDEN */
export const deleteProject = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  id: string,
): Promise<void> => {
  const { userId, credentialId } = actor.principal
  const count = await withMembershipLocked(context, organizationId, userId, async stores => {
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
  context.logger.info(
    { event: 'project.deleted', organizationId, projectId: id, by: credentialId },
    'project deleted',
  )
}
