import { z } from 'zod'
import { type JsonSchema, type NamedSchemas, toJsonSchema } from './json-schema'
import type { Json } from './openapi-responses'
import { API_KEY_HEADER, SECURE_SESSION_COOKIE, SESSION_COOKIE } from './vocabulary'

const pageMetaSchema = z.object({
  total: z.int(),
  offset: z.int(),
  limit: z.int(),
  hasMore: z.boolean(),
})

const errorSchema = z
  .object({
    success: z.literal(false),
    status: z.int(),
    code: z.string().describe('Stable; decide by this'),
    message: z.string().describe('For people; may change'),
    meta: z.record(z.string(), z.unknown()).optional().describe('Facts of this code'),
  })
  .describe('The envelope of every error')

/** What the errors of each surface look like; the code is in `X-Error-Code`. */
const surfaceErrors = {
  SnipyError: z.object({ error: z.literal(1), message: z.string() }),
  SnaptrackError: z.looseObject({
    success: z.literal(false).optional(),
    error: z.string().optional(),
    message: z.string().optional(),
    errors: z.record(z.string(), z.array(z.string())).optional().describe('Of a 422: messages by field'),
  }),
  SnaapiError: z.looseObject({ code: z.string().describe('Stable; decide by this'), message: z.string() }),
}

const validationErrorSchema = errorSchema.extend({
  meta: z.object({
    errors: z.array(
      z.object({
        field: z.string().describe('Dotted where nested, such as `topics.0.name`'),
        error: z.string(),
        location: z.enum(['body', 'query', 'params', 'headers']),
      }),
    ),
  }),
})

const integerHeader = (description: string): Json => ({
  description,
  schema: { type: 'integer', minimum: 0 },
})

const headers: Json = {
  'X-Request-Id': { description: 'Names this exchange in the logs', schema: { type: 'string' } },
  'RateLimit-Limit': integerHeader('Requests in one window of the limit that is nearest to its end'),
  'RateLimit-Remaining': integerHeader('Requests left in that window'),
  'RateLimit-Reset': integerHeader('Seconds until that window ends'),
  'X-RateLimit-Limit': integerHeader('Requests in one window of the limit that is nearest to its end'),
  'X-RateLimit-Remaining': integerHeader('Requests left in that window'),
  'X-RateLimit-Reset': integerHeader('Unix time in seconds at which that window ends'),
  'X-Error-Code': { description: 'Stable; decide by this', schema: { type: 'string' } },
  'Retry-After': integerHeader('Seconds to wait before the next try'),
}

const securitySchemes = (serverUrl: string): Json => ({
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: serverUrl.startsWith('https:') ? SECURE_SESSION_COOKIE : SESSION_COOKIE,
    description: 'Set by signing in. It wins over the other two when several are sent',
  },
  apiKey: { type: 'apiKey', in: 'header', name: API_KEY_HEADER, description: 'A personal access token' },
  accessToken: { type: 'http', scheme: 'bearer', description: 'An OAuth access token' },
  bearerKey: {
    type: 'http',
    scheme: 'bearer',
    description: 'A key of the format `snt` (snaptrack) or `sna` (snaapi)',
  },
})

/** The shared parts of the document, with the named schemas that its operations refer to. */
export const buildComponents = (named: NamedSchemas, serverUrl: string): Json => {
  const shared = {
    PageMeta: pageMetaSchema,
    Error: errorSchema,
    ValidationError: validationErrorSchema,
    ...surfaceErrors,
  }
  const sharedSchemas = Object.entries(shared).map(([name, schema]): [string, JsonSchema] => [
    name,
    toJsonSchema(schema, 'output', named),
  ])
  return {
    schemas: Object.fromEntries([...named, ...sharedSchemas]),
    headers,
    securitySchemes: securitySchemes(serverUrl),
  }
}
