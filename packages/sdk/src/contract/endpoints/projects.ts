import { z } from 'zod'
import { defineEndpoint } from '../endpoint'
import { pagingQuery } from '../schemas/paging'
import { idSchema, nameSchema, slugSchema, textSchema, webUrlSchema } from '../schemas/primitive'
import { PROJECT_STATUSES, projectSchema } from '../schemas/project'

const collection = '/api/user/organizations/:organizationId/projects'
const organizationParams = z.object({ organizationId: idSchema })
const projectParams = organizationParams.extend({ id: idSchema })

const isTimezone = (value: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value })
    return true
  } catch {
    return false
  }
}

const details = {
  website: webUrlSchema.nullish(),
  description: textSchema(2000).nullish(),
  businessContext: textSchema(5000).nullish(),
  monitoringIntent: textSchema(5000).nullish(),
  frequency: textSchema(50).nullish().describe('How often, in the words of the deployment, such as `daily`'),
}
const status = z.enum(PROJECT_STATUSES)
const timezone = z.string().max(64).refine(isTimezone, 'Must be an IANA time zone, such as Europe/Paris')

export const projectEndpoints = {
  list: defineEndpoint({
    method: 'GET',
    path: collection,
    summary: 'List the projects of an organization',
    access: { kind: 'organization', scopes: ['projects:read'], permission: 'organization:read' },
    params: organizationParams,
    query: pagingQuery('name', 'status', 'updatedAt').extend({
      status: status.optional().describe('Only projects in this status'),
    }),
    response: z.array(projectSchema),
    paged: true,
    status: 200,
    message: 'Projects fetched successfully',
    errors: [],
  }),
  create: defineEndpoint({
    method: 'POST',
    path: collection,
    summary: 'Create a project',
    access: { kind: 'organization', scopes: ['projects:write'], permission: 'organization:read' },
    params: organizationParams,
    body: z.object({
      name: nameSchema,
      slug: slugSchema.optional().describe('Derived from the name if left out; unique in the organization'),
      ...details,
      status: status.default('draft'),
      timezone: timezone.default('UTC'),
    }),
    response: projectSchema,
    idempotency: 'answer',
    status: 201,
    message: 'Project created successfully',
    errors: ['CONFLICT', 'PLAN_LIMIT_REACHED'],
  }),
  get: defineEndpoint({
    method: 'GET',
    path: `${collection}/:id`,
    summary: 'Get a project',
    access: { kind: 'organization', scopes: ['projects:read'], permission: 'organization:read' },
    params: projectParams,
    response: projectSchema,
    status: 200,
    message: 'Project fetched successfully',
    errors: ['NOT_FOUND', 'TENANT_VIOLATION'],
  }),
  update: defineEndpoint({
    method: 'PUT',
    path: `${collection}/:id`,
    summary: 'Change a project',
    description: 'Fields that are left out stay as they are.',
    access: { kind: 'organization', scopes: ['projects:write'], permission: 'organization:read' },
    params: projectParams,
    body: z.object({
      name: nameSchema.optional(),
      slug: slugSchema.optional(),
      ...details,
      status: status.optional(),
      timezone: timezone.optional(),
    }),
    response: projectSchema,
    status: 200,
    message: 'Project updated successfully',
    errors: ['NOT_FOUND', 'TENANT_VIOLATION', 'CONFLICT'],
  }),
  delete: defineEndpoint({
    method: 'DELETE',
    path: `${collection}/:id`,
    summary: 'Delete a project',
    access: { kind: 'organization', scopes: ['projects:write'], permission: 'organization:read' },
    params: projectParams,
    response: z.object({ id: idSchema, deleted: z.literal(true) }),
    status: 200,
    message: 'Project deleted successfully',
    errors: ['NOT_FOUND', 'TENANT_VIOLATION'],
  }),
}
