import type { OrganizationRole } from '@snoop/sdk/contract'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import type { Actor } from '../principals/actor'
import { assertMemberAct } from './decide-member-act'
import { memberNotFound } from './member-not-found'
import { type Member, toMember, withMembershipLocked } from './with-membership-locked'

/**
 * Gives a member another role, which counts from the next request on. The role that the member has changes nothing.
 * @throws DomainError NOT_FOUND, TENANT_VIOLATION, FORBIDDEN; what `assertMemberAct` throws
 */
export const updateMemberRole = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  memberId: string,
  role: OrganizationRole,
): Promise<Member> => {
  const { clock, logger } = context
  const { principal } = actor
  const updated = await withMembershipLocked(
    context,
    organizationId,
    principal.userId,
    async (stores, { self }) => {
      const row = await stores.memberships.find(organizationId, memberId)
      if (!row) return undefined
      const member = toMember(row)
      const ownerCount = await stores.memberships.countOwners(organizationId)
      assertMemberAct({ by: self.role, isOwn: row.id === self.id, from: member.role, to: role, ownerCount })
      if (member.role === role) return member
      const changes = { role, updated_at: clock() }
      await stores.memberships.update(organizationId, memberId, changes)
      await recordAct(context, stores, actor, {
        organizationId,
        action: 'member.role_changed',
        resource: { type: 'member', id: memberId },
        details: { userId: member.user_id, from: member.role, to: role },
      })
      return { ...member, ...changes }
    },
  )
  if (!updated) throw await memberNotFound(context, principal, memberId)
  logger.info(
    { event: 'member.role_set', organizationId, memberId, role, by: principal.credentialId },
    'role of a member set',
  )
  return updated
}
