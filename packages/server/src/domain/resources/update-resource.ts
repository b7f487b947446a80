import type { Resource, ResourceDefinition } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'
import { withPermissionLocked } from '../members/with-permission-locked'
import type { Actor } from '../principals/actor'
import { assertMayDefine } from './assert-may-define'
import { assertSoundDefinition } from './assert-sound-definition'
import { findOwnResource } from './find-own-resource'
import { storedResource } from './find-resource'
import { moveRows } from './move-rows'
import { recordDefinition } from './record-definition'

/**
 * Defines a resource anew. Its rows keep what they hold: values of a field that is taken out are hidden, what is required
 * counts for writes from now on.
 * @throws DomainError VALIDATION_ERROR; NOT_FOUND; CONFLICT for a resource that is not the organization's own, and where the
 *   rows stand in the way; NO_PERMISSIONS; what `withPermissionLocked` throws
 */
export const updateResource = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  definition: ResourceDefinition,
): Promise<Resource> => {
  const { clock, logger } = context
  const { name } = definition
  assertMayDefine(actor.principal)
  assertSoundDefinition(definition)
  const row = { definition: JSON.stringify(definition), updated_at: clock() }
  await withPermissionLocked(
    context,
    actor,
    organizationId,
    'organization:manage-resources',
    async (stores, { self }) => {
      const caller = { principal: actor.principal, organizationId, role: self.role }
      const before = await findOwnResource({ ...context, storage: stores }, caller, name)
      await moveRows(stores, organizationId, before, definition)
      await stores.resources.update(organizationId, name, row)
      await recordDefinition(context, stores, actor, organizationId, 'resource.updated', definition)
    },
  )
  logger.info(
    { event: 'resource.updated', organizationId, resource: name, by: actor.principal.credentialId },
    'resource updated',
  )
  return storedResource(row)
}
