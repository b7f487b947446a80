import { z } from 'zod'
import { defineEndpoint } from '../endpoint'
import { memberSchema, myMembershipSchema, organizationSchema } from '../schemas/organization'
import { pagingQuery } from '../schemas/paging'
import { idSchema, nameSchema, slugSchema } from '../schemas/primitive'

const organizationParams = z.object({ organizationId: idSchema })

export const organizationEndpoints = {
  list: defineEndpoint({
    method: 'GET',
    path: '/api/user/organizations',
    summary: 'List the organizations of the account',
    description: 'A key that is pinned to an organization sees that one alone.',
    access: { kind: 'account', scopes: ['user:read'] },
    query: pagingQuery('name'),
    response: z.array(organizationSchema),
    paged: true,
    status: 200,
    message: 'Organizations fetched successfully',
    errors: [],
  }),
  create: defineEndpoint({
    method: 'POST',
    path: '/api/user/organizations',
    summary: 'Create an organization that the account owns',
    access: { kind: 'account', scopes: ['user:write'] },
    body: z.object({ name: nameSchema, slug: slugSchema.optional() }),
    response: organizationSchema,
    status: 201,
    message: 'Organization created successfully',
    errors: ['CONFLICT', 'FORBIDDEN'],
  }),
  get: defineEndpoint({
    method: 'GET',
    path: '/api/user/organizations/:organizationId',
    summary: 'Get an organization',
    access: { kind: 'organization', scopes: ['user:read'], permission: 'organization:read' },
    params: organizationParams,
    response: organizationSchema,
    status: 200,
    message: 'Organization fetched successfully',
    errors: [],
  }),
  update: defineEndpoint({
    method: 'PUT',
    path: '/api/user/organizations/:organizationId',
    summary: 'Rename an organization',
    access: { kind: 'organization', scopes: ['user:write'], permission: 'organization:manage-members' },
    params: organizationParams,
    body: z.object({ name: nameSchema.optional(), slug: slugSchema.optional() }),
    response: organizationSchema,
    status: 200,
    message: 'Organization updated successfully',
    errors: ['CONFLICT'],
  }),
  listMembers: defineEndpoint({
    method: 'GET',
    path: '/api/user/organizations/:organizationId/members',
    summary: 'List the members of an organization',
    access: { kind: 'organization', scopes: ['user:read'], permission: 'organization:read' },
    params: organizationParams,
    query: pagingQuery('fullName', 'email'),
    response: z.array(memberSchema),
    paged: true,
    status: 200,
    message: 'Members fetched successfully',
    errors: [],
  }),
  myMembership: defineEndpoint({
    method: 'GET',
    path: '/api/user/organizations/:organizationId/my-membership',
    summary: "Get the caller's role and permissions in an organization",
    access: { kind: 'organization', scopes: ['user:read'], permission: 'organization:read' },
    params: organizationParams,
    response: myMembershipSchema,
    status: 200,
    message: 'Membership fetched successfully',
    errors: [],
  }),
}
