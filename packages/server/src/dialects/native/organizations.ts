import {
  type Contract,
  type Organization,
  type OrganizationRole,
  ROLE_PERMISSIONS,
} from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { createOrganization, getOrganization } from '../../domain/organizations/create-organization'
import { deleteOrganization } from '../../domain/organizations/delete-organization'
import { getMembership } from '../../domain/organizations/get-membership'
import { leaveOrganization } from '../../domain/organizations/leave-organization'
import { listOrganizations } from '../../domain/organizations/list-organizations'
import { transferOrganization } from '../../domain/organizations/transfer-organization'
import { updateOrganization } from '../../domain/organizations/update-organization'
import type { MemberOrganizationRow } from '../../domain/records'
import type { Handlers } from '../../http/request-context'
import { toTimestamp } from '../../http/timestamp'
import { presentMember } from './present-member'

const presentOrganization = (row: MemberOrganizationRow): Organization => ({
  id: row.id,
  name: row.name,
  slug: row.slug,
  role: row.role as OrganizationRole,
  memberCount: row.member_count,
  createdAt: toTimestamp(row.created_at),
  updatedAt: toTimestamp(row.updated_at),
})

export const organizationHandlers = (domain: DomainContext): Handlers<Contract>['organizations'] => ({
  list: async ({ query }, { principal }) => {
    const { items, total } = await listOrganizations(domain, principal, query)
    return { items: items.map(presentOrganization), total }
  },

  create: async ({ body: { name, slug } }, { actor }) =>
    presentOrganization(await createOrganization(domain, actor, { name, slug })),

  get: async (_input, { principal, tenant }) =>
    presentOrganization(await getOrganization(domain, tenant.organizationId, principal.userId)),

  update: async ({ body }, { actor, tenant }) =>
    presentOrganization(await updateOrganization(domain, tenant.organizationId, actor, body)),

  myMembership: async (_input, { principal, tenant }) => {
    const { organizationId, role } = tenant
    const member = presentMember(await getMembership(domain, organizationId, principal.userId))
    return { ...member, organizationId, permissions: [...ROLE_PERMISSIONS[role]] }
  },

  delete: async (_input, { actor, tenant: { organizationId } }) => {
    await deleteOrganization(domain, actor, organizationId)
    return { id: organizationId, deleted: true }
  },

  leave: async (_input, { actor, tenant: { organizationId } }) => {
    await leaveOrganization(domain, actor, organizationId)
    return { organizationId, left: true }
  },

  transfer: async ({ body: { memberId } }, { actor, tenant }) =>
    presentMember(await transferOrganization(domain, actor, tenant.organizationId, memberId)),
})
