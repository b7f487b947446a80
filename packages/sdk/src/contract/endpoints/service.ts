import { z } from 'zod'
import { defineEndpoint } from '../endpoint'

export const serviceEndpoints = {
  health: defineEndpoint({
    method: 'GET',
    path: '/health',
    summary: 'Tell whether the process is alive',
    access: { kind: 'public' },
    rateLimit: 'exempt',
    response: z.object({ status: z.literal('alive') }),
    status: 200,
    message: 'Alive',
    errors: [],
  }),
  ready: defineEndpoint({
    method: 'GET',
    path: '/ready',
    summary: 'Tell whether the server can do its work',
    description:
      'Ready when the database answers and its migrations are done; 503 while starting, draining, or without the database.',
    access: { kind: 'public' },
    rateLimit: 'exempt',
    response: z.object({ status: z.literal('ready') }),
    status: 200,
    message: 'Ready',
    errors: ['SERVICE_UNAVAILABLE'],
  }),
  openapi: defineEndpoint({
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'Get this API as an OpenAPI 3.1 document',
    access: { kind: 'public' },
    response: z.record(z.string(), z.unknown()),
    bare: true,
    status: 200,
    message: 'OK',
    errors: [],
  }),
}
