import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { withPermissionLocked } from '../members/with-permission-locked'
import type { Actor } from '../principals/actor'
import { assertMayDefine } from './assert-may-define'
import { findOwnResource } from './find-own-resource'

/**
 * Deletes a resource of the organization, and its rows.
 * @throws DomainError NOT_FOUND; CONFLICT for a resource that is not the organization's own; NO_PERMISSIONS; what
 *   `withPermissionLocked` throws
 */
export const deleteResource = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  name: string,
): Promise<void> => {
  assertMayDefine(actor.principal)
  await withPermissionLocked(
    context,
    actor,
    organizationId,
    'organization:manage-resources',
    async (stores, { self }) => {
      const caller = { principal: actor.principal, organizationId, role: self.role }
      await findOwnResource({ ...context, storage: stores }, caller, name)
      await stores.resourceRows.deleteAll(organizationId, name)
      await stores.resources.delete(organizationId, name)
      await recordAct(context, stores, actor, {
        organizationId,
        action: 'resource.deleted',
        resource: { type: 'resource', id: name },
      })
    },
  )
  context.logger.info(
    { event: 'resource.deleted', organizationId, resource: name, by: actor.principal.credentialId },
    'resource deleted',
  )
}
