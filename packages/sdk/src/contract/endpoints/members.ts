import { z } from 'zod'
import { defineEndpoint } from '../endpoint'
import { memberSchema, organizationRoleSchema } from '../schemas/organization'
import { pagingQuery } from '../schemas/paging'
import { idSchema } from '../schemas/primitive'

const collection = '/api/user/organizations/:organizationId/members'
const organizationParams = z.object({ organizationId: idSchema })
const memberParams = organizationParams.extend({ memberId: idSchema })

export const memberEndpoints = {
  list: defineEndpoint({
    method: 'GET',
    path: collection,
    summary: 'List the members of an organization',
    access: { kind: 'organization', scopes: ['user:read'], permission: 'organization:read' },
    params: organizationParams,
    query: pagingQuery('fullName', 'email').extend({
      role: organizationRoleSchema.optional().describe('Only members with this role'),
    }),
    response: z.array(memberSchema),
    paged: true,
    status: 200,
    message: 'Members fetched successfully',
    errors: [],
  }),
  updateRole: defineEndpoint({
    method: 'PUT',
    path: `${collection}/:memberId/role`,
    summary: "Change a member's role",
    description:
      'Counts on the next request of the member, whatever it is made with. Only an owner makes or unmakes an owner; the last owner stays one.',
    access: { kind: 'organization', scopes: ['user:write'], permission: 'organization:manage-members' },
    params: memberParams,
    body: z.object({ role: organizationRoleSchema }),
    response: memberSchema,
    status: 200,
    message: 'Role updated successfully',
    errors: ['NOT_FOUND', 'TENANT_VIOLATION', 'CONFLICT'],
  }),
  remove: defineEndpoint({
    method: 'DELETE',
    path: `${collection}/:memberId`,
    summary: 'Remove a member',
    description: 'Keys of the member that are pinned to the organization are revoked.',
    access: { kind: 'organization', scopes: ['user:write'], permission: 'organization:manage-members' },
    params: memberParams,
    response: z.object({ id: idSchema, removed: z.literal(true) }),
    status: 200,
    message: 'Member removed successfully',
    errors: ['NOT_FOUND', 'TENANT_VIOLATION', 'CONFLICT'],
  }),
}
