import { z } from 'zod'
import { defineEndpoint } from '../endpoint'
import { auditChainSchema, auditEntrySchema } from '../schemas/audit-log'
import { pagingQuery } from '../schemas/paging'
import { idSchema } from '../schemas/primitive'
import { AUDIT_ACTIONS, AUDIT_OUTCOMES, AUDIT_RESOURCES } from '../vocabulary'

const path = '/api/user/organizations/:organizationId/audit-logs'
const params = z.object({ organizationId: idSchema })
const access = {
  kind: 'organization',
  scopes: ['user:read'],
  permission: 'organization:manage-members',
} as const

const word = z.string().regex(/^[\w.:-]{1,100}$/, 'Must be 1 to 100 letters, digits or . _ : -')
const moment = z.union([z.iso.datetime({ offset: true }), z.iso.date()], {
  error: 'Must be a day such as 2026-04-01, or a time with its zone such as 2026-04-01T10:00:00Z',
})

export const AUDIT_FORMATS = ['csv', 'jsonl'] as const
export type AuditFormat = (typeof AUDIT_FORMATS)[number]

const filters = {
  action: z.enum(AUDIT_ACTIONS).optional(),
  resourceType: z.enum(AUDIT_RESOURCES).optional(),
  resourceId: word.optional(),
  userId: idSchema.optional().describe('Who did it'),
  outcome: z.enum(AUDIT_OUTCOMES).optional(),
  startDate: moment.optional().describe('From this moment, or the beginning of this day (UTC)'),
  endDate: moment.optional().describe('Until this moment, or the end of this day (UTC)'),
  afterSequence: z.coerce.number<number>().int().min(0).optional().describe('Only entries behind this one'),
}

export const auditLogEndpoints = {
  list: defineEndpoint({
    method: 'GET',
    path,
    summary: 'List the audit log of an organization',
    access,
    params,
    query: pagingQuery().extend(filters),
    response: z.array(auditEntrySchema),
    paged: true,
    itemsKey: 'logs',
    status: 200,
    message: 'Audit logs fetched successfully',
    errors: [],
  }),
  export: defineEndpoint({
    method: 'GET',
    path: `${path}/export`,
    summary: 'Export the audit log, oldest entry first',
    description: 'Streamed, however long it is. Without filters its chain of hashes can be verified.',
    access,
    params,
    query: z.object({ format: z.enum(AUDIT_FORMATS).default('jsonl'), ...filters }),
    response: auditEntrySchema,
    stream: true,
    status: 200,
    message: 'Audit logs exported successfully',
    errors: [],
  }),
  chain: defineEndpoint({
    method: 'GET',
    path: `${path}/chain`,
    summary: 'Get the ends of the audit log and the key that verifies it',
    access,
    params,
    response: auditChainSchema,
    status: 200,
    message: 'Audit chain fetched successfully',
    errors: [],
  }),
}
