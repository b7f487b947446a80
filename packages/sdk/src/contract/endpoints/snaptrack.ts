import { z } from 'zod'
import { defineEndpoint } from '../endpoint'
import { idSchema } from '../schemas/primitive'
import {
  newWebsiteSchema,
  screenshotSchema,
  snaptrackListSchema,
  snaptrackPage,
  snaptrackTestSchema,
  websiteChangeSchema,
  websiteSchema,
} from '../schemas/snaptrack'
import { numberSchema } from '../schemas/snipy'

/** Every call needs a key of the format `snt`, a plan with API access, and counts against the plan's calls in a minute. */
const common = {
  dialect: 'snaptrack',
  access: { kind: 'home', scopes: [], permission: 'organization:read' },
  bare: true,
} as const
const params = z.object({ id: numberSchema })
const one = z.object({ data: websiteSchema })
const written = z.object({ success: z.literal(true), data: websiteSchema })
const done = { success: z.literal(true), message: z.string() }

export const snaptrackEndpoints = {
  test: defineEndpoint({
    ...common,
    method: 'GET',
    path: '/test',
    summary: 'Try the token',
    description: 'Also at `/api/test`, as every path of this surface is at `/api`. The call itself counts.',
    response: snaptrackTestSchema,
    status: 200,
    message: 'API is working',
    errors: ['PLAN_FEATURE_MISSING', 'SUBSCRIPTION_EXPIRED'],
  }),
  listWebsites: defineEndpoint({
    ...common,
    method: 'GET',
    path: '/websites',
    summary: 'List websites',
    query: z.object({ page: snaptrackPage }),
    response: snaptrackListSchema(websiteSchema),
    status: 200,
    message: 'Websites fetched',
    errors: ['PLAN_FEATURE_MISSING', 'SUBSCRIPTION_EXPIRED'],
  }),
  createWebsite: defineEndpoint({
    ...common,
    method: 'POST',
    path: '/websites',
    summary: 'Add a website',
    body: newWebsiteSchema,
    response: written,
    idempotency: 'answer',
    status: 201,
    message: 'Website created',
    errors: ['PLAN_FEATURE_MISSING', 'SUBSCRIPTION_EXPIRED', 'PLAN_LIMIT_REACHED'],
  }),
  getWebsite: defineEndpoint({
    ...common,
    method: 'GET',
    path: '/websites/:id',
    summary: 'Get a website',
    params,
    response: one,
    status: 200,
    message: 'Website fetched',
    errors: ['NOT_FOUND', 'PLAN_FEATURE_MISSING', 'SUBSCRIPTION_EXPIRED'],
  }),
  updateWebsite: defineEndpoint({
    ...common,
    method: 'PUT',
    path: '/websites/:id',
    summary: 'Change a website; what is left out stays',
    params,
    body: websiteChangeSchema,
    response: written,
    status: 200,
    message: 'Website updated',
    errors: ['NOT_FOUND', 'PLAN_FEATURE_MISSING', 'SUBSCRIPTION_EXPIRED'],
  }),
  deleteWebsite: defineEndpoint({
    ...common,
    method: 'DELETE',
    path: '/websites/:id',
    summary: 'Delete a website and its screenshots',
    params,
    response: z.object(done),
    status: 200,
    message: 'Website deleted',
    errors: ['NOT_FOUND', 'PLAN_FEATURE_MISSING', 'SUBSCRIPTION_EXPIRED'],
  }),
  takeScreenshot: defineEndpoint({
    ...common,
    method: 'POST',
    path: '/websites/:id/screenshot',
    summary: 'Queue a screenshot of a website',
    params,
    response: z.object({ ...done, job_id: idSchema }),
    idempotency: 'answer',
    status: 200,
    message: 'Screenshot job queued successfully',
    errors: ['NOT_FOUND', 'CONFLICT', 'PLAN_FEATURE_MISSING', 'SUBSCRIPTION_EXPIRED'],
  }),
  listScreenshots: defineEndpoint({
    ...common,
    method: 'GET',
    path: '/screenshots',
    summary: 'List screenshots, newest first',
    query: z.object({
      page: snaptrackPage,
      website_id: numberSchema.optional().describe('Only those of this website'),
    }),
    response: snaptrackListSchema(screenshotSchema),
    status: 200,
    message: 'Screenshots fetched',
    errors: ['PLAN_FEATURE_MISSING', 'SUBSCRIPTION_EXPIRED'],
  }),
  getScreenshot: defineEndpoint({
    ...common,
    method: 'GET',
    path: '/screenshots/:id',
    summary: 'See how far a screenshot is',
    params: z.object({ id: idSchema }),
    response: z.object({ data: screenshotSchema }),
    status: 200,
    message: 'Screenshot fetched',
    errors: ['NOT_FOUND', 'PLAN_FEATURE_MISSING', 'SUBSCRIPTION_EXPIRED'],
  }),
  downloadScreenshot: defineEndpoint({
    ...common,
    method: 'GET',
    path: '/screenshots/:id/download',
    summary: 'Download the image of a screenshot',
    params: z.object({ id: idSchema }),
    response: z.null(),
    file: ['image/png'],
    status: 200,
    message: 'The image',
    errors: ['NOT_FOUND', 'CONFLICT', 'PLAN_FEATURE_MISSING', 'SUBSCRIPTION_EXPIRED'],
  }),
}
