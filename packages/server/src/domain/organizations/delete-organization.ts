import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { toMember } from '../members/with-membership-locked'
import { withPermissionLocked } from '../members/with-permission-locked'
import { endSubscription } from '../payments/end-subscription'
import type { Actor } from '../principals/actor'
import { assertPermission } from '../principals/authorize'
import { eraseOrganization } from './erase-organization'

const PERMISSION = 'organization:manage-security'

/**
 * Deletes an organization with all that belongs to it, the keys pinned to it too; its subscription ends first. Its audit
 * log stays, and tells who did it.
 * @throws DomainError INSUFFICIENT_PERMISSIONS or FORBIDDEN for who is no owner (any more); SERVICE_UNAVAILABLE if the
 *   subscription cannot be ended now
 */
export const deleteOrganization = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
): Promise<void> => {
  const { userId, credentialId } = actor.principal
  const member = await context.storage.memberships.findOfUser(organizationId, userId)
  assertPermission({ organizationId, role: member && toMember(member).role }, PERMISSION)
  await endSubscription(context, organizationId)
  await withPermissionLocked(context, actor, organizationId, PERMISSION, async (stores, { organization }) => {
    await eraseOrganization(stores, organizationId)
    await recordAct(context, stores, actor, {
      organizationId,
      action: 'organization.deleted',
      resource: { type: 'organization', id: organizationId },
      details: { name: organization.name, slug: organization.slug },
    })
  })
  context.logger.info(
    { event: 'organization.deleted', organizationId, userId, by: credentialId },
    'organization deleted',
  )
}
