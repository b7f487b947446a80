import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { assertMemberAct } from '../members/decide-member-act'
import { memberNotFound } from '../members/member-not-found'
import { type Member, toMember, withMembershipLocked } from '../members/with-membership-locked'
import type { Actor } from '../principals/actor'

/**
 * Hands an organization over: the member becomes an owner, the caller an admin.
 * @returns the new owner
 * @throws DomainError NOT_FOUND, TENANT_VIOLATION; CONFLICT if it would be handed over to the caller;
 *   INSUFFICIENT_PERMISSIONS or FORBIDDEN for who is no owner (any more)
 */
export const transferOrganization = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  memberId: string,
): Promise<Member> => {
  const { principal } = actor
  const owner = await withMembershipLocked(
    context,
    organizationId,
    principal.userId,
    async (stores, { self }) => {
      const row = await stores.memberships.find(organizationId, memberId)
      if (!row) return undefined
      const { role: from } = toMember(row)
      const ownerCount = await stores.memberships.countOwners(organizationId)
      assertMemberAct({ by: self.role, isOwn: false, from, to: 'owner', ownerCount })
      if (row.id === self.id) {
        throw new DomainError('CONFLICT', {
          message: 'You own this organization already; name another member to hand it over to',
        })
      }
      const updated_at = context.clock()
      await stores.memberships.update(organizationId, memberId, { role: 'owner', updated_at })
      await stores.memberships.update(organizationId, self.id, { role: 'admin', updated_at })
      await recordAct(context, stores, actor, {
        organizationId,
        action: 'organization.transferred',
        resource: { type: 'organization', id: organizationId },
        details: { memberId, userId: row.user_id, from },
      })
      return toMember({ ...row, role: 'owner', updated_at })
    },
  )
  if (!owner) throw await memberNotFound(context, principal, memberId)
  context.logger.info(
    { event: 'organization.transferred', organizationId, memberId, by: principal.credentialId },
    'organization handed over',
  )
  return owner
}
