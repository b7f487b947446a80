import type { Stores } from '../../storage/storage'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import type { Actor } from '../principals/actor'
import { assertMemberAct } from './decide-member-act'
import type { LockedMembership, Member } from './with-membership-locked'

/**
 * Ends a membership, the own one or another's, and the keys of its user that are pinned to the organization: joining
 * again does not bring them back. Call it last in the transaction.
 * @throws what `assertMemberAct` throws
 */
export const endMembership = async (
  context: DomainContext,
  stores: Stores,
  actor: Actor,
  { organization, self }: LockedMembership,
  member: Member,
): Promise<void> => {
  const { id: organizationId } = organization
  const { id, user_id: userId, role } = member
  const isOwn = id === self.id
  const ownerCount = await stores.memberships.countOwners(organizationId)
  assertMemberAct({ by: self.role, isOwn, from: role, to: undefined, ownerCount })
  await stores.memberships.delete(organizationId, id)
  const revokedKeys = await stores.apiKeys.revokePinned(organizationId, userId, context.clock())
  await recordAct(context, stores, actor, {
    organizationId,
    action: isOwn ? 'member.left' : 'member.removed',
    resource: { type: 'member', id },
    details: { userId, role, revokedKeys },
  })
}
