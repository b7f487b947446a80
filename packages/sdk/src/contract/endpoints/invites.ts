import { z } from 'zod'
import { defineEndpoint } from '../endpoint'
import { invitationPreviewSchema, invitationSchema } from '../schemas/invitation'
import { myMembershipSchema, organizationRoleSchema } from '../schemas/organization'
import { pagingQuery } from '../schemas/paging'
import { emailSchema, idSchema } from '../schemas/primitive'

const collection = '/api/user/organizations/:organizationId/invites'
const organizationParams = z.object({ organizationId: idSchema })
const inviteParams = organizationParams.extend({ memberId: idSchema.describe('Id of the invitation') })
const tokenParams = z.object({
  token: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,200}$/, 'Must be the token of an invitation')
    .describe('From the mail'),
})

const MAX_INVITES_AT_ONCE = 50

export const inviteEndpoints = {
  list: defineEndpoint({
    method: 'GET',
    path: collection,
    summary: 'List the invitations that are pending or expired',
    access: { kind: 'organization', scopes: ['user:read'], permission: 'organization:manage-members' },
    params: organizationParams,
    query: pagingQuery('email'),
    response: z.array(invitationSchema),
    paged: true,
    status: 200,
    message: 'Invitations fetched successfully',
    errors: [],
  }),
  send: defineEndpoint({
    method: 'POST',
    path: collection,
    summary: 'Invite people by e-mail',
    description:
      'All of them or none. An address that is invited already gets a new mail, at most one a minute, and its earlier link ends. Each pending invitation takes a seat. Only an owner invites an owner.',
    access: { kind: 'organization', scopes: ['user:write'], permission: 'organization:manage-members' },
    params: organizationParams,
    body: z.object({
      invites: z
        .array(z.object({ email: emailSchema, role: organizationRoleSchema.default('member') }))
        .min(1, 'Name at least one')
        .max(MAX_INVITES_AT_ONCE, `Name at most ${MAX_INVITES_AT_ONCE}`),
    }),
    response: z.array(invitationSchema),
    idempotency: 'answer',
    status: 201,
    message: 'Invitations sent successfully',
    errors: ['CONFLICT', 'PLAN_LIMIT_REACHED', 'EMAIL_NOT_VERIFIED'],
  }),
  cancel: defineEndpoint({
    method: 'DELETE',
    path: `${collection}/:memberId`,
    summary: 'Cancel an invitation',
    description:
      'Its link ends, and its seat is free. A pending one for an owner is cancelled by owners only.',
    access: { kind: 'organization', scopes: ['user:write'], permission: 'organization:manage-members' },
    params: inviteParams,
    response: z.object({ id: idSchema, cancelled: z.literal(true) }),
    status: 200,
    message: 'Invitation cancelled successfully',
    errors: ['NOT_FOUND', 'TENANT_VIOLATION'],
  }),
  resend: defineEndpoint({
    method: 'POST',
    path: `${collection}/:memberId/resend`,
    summary: 'Send an invitation again',
    description:
      'With a new link, good for seven days; the earlier one ends. At most once a minute. Who sends it again is the inviter from then on.',
    access: { kind: 'organization', scopes: ['user:write'], permission: 'organization:manage-members' },
    params: inviteParams,
    response: invitationSchema,
    status: 200,
    message: 'Invitation sent again',
    errors: ['NOT_FOUND', 'TENANT_VIOLATION', 'PLAN_LIMIT_REACHED', 'EMAIL_NOT_VERIFIED'],
  }),
  get: defineEndpoint({
    method: 'GET',
    path: '/api/user/invites/:token',
    summary: 'See what an invitation is for',
    access: { kind: 'public' },
    params: tokenParams,
    response: invitationPreviewSchema,
    status: 200,
    message: 'Invitation fetched successfully',
    errors: ['INVALID_TOKEN'],
  }),
  accept: defineEndpoint({
    method: 'POST',
    path: '/api/user/invites/:token/accept',
    summary: 'Accept an invitation',
    description:
      'The account must have the invited address, verified. The inviter must still have the right to invite.',
    access: { kind: 'account', scopes: ['user:write'] },
    params: tokenParams,
    response: myMembershipSchema,
    idempotency: 'answer',
    status: 200,
    message: 'Invitation accepted successfully',
    errors: ['INVALID_TOKEN', 'FORBIDDEN', 'EMAIL_NOT_VERIFIED', 'CONFLICT', 'PLAN_LIMIT_REACHED'],
  }),
}
