import type { DomainContext } from '../domain-context'
import type { Actor } from '../principals/actor'
import { endMembership } from './end-membership'
import { memberNotFound } from './member-not-found'
import { toMember, withMembershipLocked } from './with-membership-locked'

/**
 * Takes a member out of an organization, with the keys that are pinned to it. Removing oneself is leaving.
 * @throws DomainError NOT_FOUND, TENANT_VIOLATION, FORBIDDEN; what `assertMemberAct` throws
 */
export const removeMember = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  memberId: string,
): Promise<void> => {
  const { principal } = actor
  const isRemoved = await withMembershipLocked(
    context,
    organizationId,
    principal.userId,
    async (stores, membership) => {
      const row = await stores.memberships.find(organizationId, memberId)
      if (row) await endMembership(context, stores, actor, membership, toMember(row))
      return row !== undefined
    },
  )
  if (!isRemoved) throw await memberNotFound(context, principal, memberId)
  context.logger.info(
    { event: 'member.removed', organizationId, memberId, by: principal.credentialId },
    'member removed',
  )
}
