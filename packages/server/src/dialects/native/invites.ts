import { type Contract, type OrganizationRole, ROLE_PERMISSIONS } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { acceptInvitation } from '../../domain/invitations/accept-invitation'
import { cancelInvitation } from '../../domain/invitations/cancel-invitation'
import { listInvitations } from '../../domain/invitations/list-invitations'
import { openInvitation } from '../../domain/invitations/open-invitation'
import { resendInvitation } from '../../domain/invitations/resend-invitation'
import { sendInvitations } from '../../domain/invitations/send-invitations'
import type { Handlers } from '../../http/request-context'
import { presentInvitation, presentOpenedInvitation } from './present-invitation'
import { presentMember } from './present-member'

export const inviteHandlers = (domain: DomainContext): Handlers<Contract>['invites'] => ({
  list: async ({ query }, { tenant }) => {
    const { items, total } = await listInvitations(domain, tenant.organizationId, query)
    return { items: items.map(row => presentInvitation(row, domain.clock())), total }
  },

  send: async ({ body: { invites } }, { actor, tenant }) => {
    const sent = await sendInvitations(domain, actor, tenant.organizationId, invites)
    return sent.map(row => presentInvitation(row, domain.clock()))
  },

  cancel: async ({ params: { memberId: id } }, { actor, tenant }) => {
    await cancelInvitation(domain, actor, tenant.organizationId, id)
    return { id, cancelled: true }
  },

  resend: async ({ params: { memberId: id } }, { actor, tenant }) =>
    presentInvitation(await resendInvitation(domain, actor, tenant.organizationId, id), domain.clock()),

  get: async ({ params: { token } }) => presentOpenedInvitation(await openInvitation(domain, token)),

  accept: async ({ params: { token } }, { actor }) => {
    const member = await acceptInvitation(domain, actor, token)
    const permissions = [...ROLE_PERMISSIONS[member.role as OrganizationRole]]
    return { ...presentMember(member), organizationId: member.organization_id, permissions }
  },
})
