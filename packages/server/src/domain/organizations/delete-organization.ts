import type { OrganizationRole } from '@snoop/sdk/contract'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { toMember, withMembershipLocked } from '../members/with-membership-locked'
import { endSubscription } from '../payments/end-subscription'
import type { Actor } from '../principals/actor'
import { missingPermission } from '../principals/authorize'
import { eraseOrganization } from './erase-organization'

const assertMayDelete = (organizationId: string, role: OrganizationRole | undefined): void => {
  const refusal = missingPermission({ organizationId, role }, 'organization:manage-security')
  if (refusal) throw refusal
}

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
  assertMayDelete(organizationId, member && toMember(member).role)
  await endSubscription(context, organizationId)
  await withMembershipLocked(context, organizationId, userId, async (stores, { organization, self }) => {
    assertMayDelete(organizationId, self.role)
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
