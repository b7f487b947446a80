import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { withMembershipLocked } from '../members/with-membership-locked'
import { endSubscription } from '../payments/end-subscription'
import type { Actor } from '../principals/actor'
import { missingPermission } from '../principals/authorize'
import { eraseOrganization } from './erase-organization'

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
  await endSubscription(context, organizationId)
  await withMembershipLocked(context, organizationId, userId, async (stores, { organization, self }) => {
    const refusal = missingPermission({ organizationId, role: self.role }, 'organization:manage-security')
    if (refusal) throw refusal
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
