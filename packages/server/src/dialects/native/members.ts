import type { Contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { listMembers } from '../../domain/members/list-members'
import { removeMember } from '../../domain/members/remove-member'
import { updateMemberRole } from '../../domain/members/update-member-role'
import type { Handlers } from '../../http/request-context'
import { presentMember } from './present-member'

export const memberHandlers = (domain: DomainContext): Handlers<Contract>['members'] => ({
  list: async ({ query: { role, ...page } }, { tenant }) => {
    const { items, total } = await listMembers(domain, tenant.organizationId, page, role)
    return { items: items.map(presentMember), total }
  },

  updateRole: async ({ params: { memberId }, body: { role } }, { actor, tenant }) =>
    presentMember(await updateMemberRole(domain, actor, tenant.organizationId, memberId, role)),

  remove: async ({ params: { memberId } }, { actor, tenant }) => {
    await removeMember(domain, actor, tenant.organizationId, memberId)
    return { id: memberId, removed: true }
  },
})
