import type { DomainContext } from '../domain-context'
import { endMembership } from '../members/end-membership'
import { withMembershipLocked } from '../members/with-membership-locked'
import type { Actor } from '../principals/actor'

/**
 * Ends the caller's own membership, and the caller's keys that are pinned to the organization.
 * @throws DomainError CONFLICT for the last owner; FORBIDDEN if the caller is no member (any more)
 */
export const leaveOrganization = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
): Promise<void> => {
  const { userId, credentialId } = actor.principal
  await withMembershipLocked(context, organizationId, userId, (stores, membership) =>
    endMembership(context, stores, actor, membership, membership.self),
  )
  context.logger.info(
    { event: 'organization.left', organizationId, userId, by: credentialId },
    'organization left',
  )
}
