import { z } from 'zod'
import { defineEndpoint } from '../endpoint'
import { memberComplianceSchema, mfaPolicyChangeSchema, mfaPolicySchema } from '../schemas/mfa-policy'
import { pagingQuery } from '../schemas/paging'
import { idSchema } from '../schemas/primitive'

const path = '/api/user/organizations/:organizationId/mfa'
const params = z.object({ organizationId: idSchema })

export const mfaPolicyEndpoints = {
  get: defineEndpoint({
    method: 'GET',
    path,
    summary: 'Get the MFA policy of an organization',
    access: { kind: 'organization', scopes: ['user:read'], permission: 'organization:read' },
    params,
    response: mfaPolicySchema,
    status: 200,
    message: 'MFA policy fetched successfully',
    errors: [],
  }),
  update: defineEndpoint({
    method: 'PUT',
    path,
    summary: 'Require two-factor authentication of all members, or no longer',
    description:
      'Members without it get MFA_REQUIRED on the routes of the organization once their days of grace are over. Who requires it has it turned on for the own account. With `dryRun=true` nothing is changed: the answer tells whom the policy would lock out.',
    access: { kind: 'organization', scopes: ['user:write'], permission: 'organization:manage-security' },
    params,
    query: z.object({
      dryRun: z.enum(['true', 'false']).default('false').describe('Only tell what the change would do'),
    }),
    body: z.object({
      required: z.boolean(),
      graceDays: z.int().min(0).max(90).optional().describe('7 unless said before; 0: at once'),
    }),
    response: mfaPolicyChangeSchema,
    status: 200,
    message: 'MFA policy, and what it does to the members',
    errors: ['CONFLICT'],
  }),
  compliance: defineEndpoint({
    method: 'GET',
    path: `${path}/compliance`,
    summary: 'List the members and whether they meet the MFA policy',
    access: { kind: 'organization', scopes: ['user:read'], permission: 'organization:manage-security' },
    params,
    query: pagingQuery('fullName', 'email'),
    response: z.array(memberComplianceSchema),
    paged: true,
    status: 200,
    message: 'Compliance fetched successfully',
    errors: [],
  }),
}
