import { z } from 'zod'
import { KEY_FORMAT_NAMES, RESOURCE_ACTIONS, SCOPES, SNIPY_SCOPES } from '../vocabulary'
import { idSchema, nameSchema, timestampSchema } from './primitive'

/** Where a key is in its life. Only `active` ones are accepted; the others stay visible. */
export const API_KEY_STATES = ['active', 'disabled', 'expired', 'rotated', 'revoked'] as const
export type ApiKeyState = (typeof API_KEY_STATES)[number]

export const keyFormatSchema = z.enum(KEY_FORMAT_NAMES)
/** Of any format. */
export const keyScopeSchema = z.enum([...SCOPES, ...SNIPY_SCOPES])

const name = z.string().min(1).max(64)
const actionsSchema = z.partialRecord(z.enum(RESOURCE_ACTIONS), z.array(name).max(200), {
  error: ({ code }) =>
    code === 'invalid_type' ? undefined : `Unknown action; there are ${RESOURCE_ACTIONS.join(', ')}`,
})
/** What a key may do to resources: `{resource:{action:[field,…]}}`. What it does not name it may not do. */
export const permissionMapSchema = z
  .record(name, actionsSchema)
  .refine(map => Object.keys(map).length <= 100, 'Must name at most 100 resources')
  .meta({ example: { posts: { read: ['id', 'title'] } } })
export type PermissionMap = z.output<typeof permissionMapSchema>

/** The key's record; never the secret. */
export const apiKeySchema = z
  .object({
    id: idSchema.meta({ example: 'ak_01HZ3K5R4X9Y2V6QF8TJ7W0CDN' }),
    name: z.string(),
    prefix: z.string(),
    start: z.string().describe('The first characters, to recognise the key by'),
    format: keyFormatSchema,
    userId: idSchema,
    organizationId: idSchema.nullable().describe('The organization that the key is pinned to'),
    state: z.enum(API_KEY_STATES),
    enabled: z.boolean(),
    scopes: z.array(keyScopeSchema),
    permissions: permissionMapSchema
      .nullable()
      .describe(
        'What the key may do to resources; null: for the format `sna` all that the role of its owner allows, else nothing',
      ),
    metadata: z.record(z.string(), z.unknown()).nullable(),
    expiresAt: timestampSchema.nullable(),
    rateLimitEnabled: z.boolean(),
    rateLimitMax: z.int(),
    rateLimitTimeWindow: z.int().describe('Milliseconds'),
    refillInterval: z.int().nullable().describe('Milliseconds'),
    refillAmount: z.int().nullable(),
    requestCount: z.int().describe('Requests ever made with this key; may lag by seconds'),
    remaining: z.int().nullable().describe('Requests left in the current window or bucket; null: no limit'),
    lastRequest: timestampSchema.nullable().describe('May lag by seconds'),
    rotatedTo: idSchema.nullable().describe('The key that took over when this one was rotated'),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'ApiKey' })
export type ApiKey = z.output<typeof apiKeySchema>

/** A new key with its secret, which is shown this once. */
export const createdApiKeySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    key: z.string().describe('The secret. Shown this once; store it now'),
    scopes: z.array(keyScopeSchema),
    expiresAt: timestampSchema.nullable(),
  })
  .meta({ id: 'CreatedApiKey' })
export type CreatedApiKey = z.output<typeof createdApiKeySchema>

const tenYears = 10 * 365 * 24 * 3600
export const expiresInSchema = z
  .int()
  .min(60, 'Must be at least 60 seconds')
  .max(tenYears, 'Must be at most ten years')
  .describe('Seconds until the key expires; left out or null, it does not')

export const scopeListSchema = z
  .array(keyScopeSchema)
  .max(50)
  .transform(scopes => [...new Set(scopes)])
  .describe(
    'What the key may do. None: nothing for a key of the format `ba`, else all of its surface. Each format has scopes of its own',
  )

const maxMetadataLength = 4096
/** Free data; `organizationId` in it pins the key to that organization. */
export const apiKeyMetadataSchema = z
  .record(z.string().max(64), z.unknown())
  .refine(
    value => JSON.stringify(value).length <= maxMetadataLength,
    `Must be at most ${maxMetadataLength} characters as JSON`,
  )
  .refine(value => value.organizationId === undefined || idSchema.safeParse(value.organizationId).success, {
    path: ['organizationId'],
    error: 'Must be an organization id',
  })

const tenMillion = 10_000_000
const oneYearMs = 365 * 24 * 3600 * 1000
/** The limits that a key may be given when it is made, and later. */
export const apiKeyLimitShape = {
  rateLimitEnabled: z.boolean().optional(),
  rateLimitMax: z.int().min(1).max(tenMillion).optional().describe('Requests in one window'),
  rateLimitTimeWindow: z
    .int()
    .min(1000)
    .max(oneYearMs)
    .optional()
    .describe('Length of the window in milliseconds'),
  refillInterval: z
    .int()
    .min(1000)
    .max(oneYearMs)
    .nullish()
    .describe(
      'With `refillAmount`: instead of windows a bucket of `rateLimitMax` requests, into which `refillAmount` come back every so many milliseconds',
    ),
  refillAmount: z.int().min(1).max(tenMillion).nullish(),
}

export const apiKeyNameSchema = nameSchema

/** Why a key is or is not accepted, as `verify` says it. */
export const VERIFICATION_CODES = [
  'VALID',
  'NOT_FOUND',
  'DISABLED',
  'EXPIRED',
  'REVOKED',
  'USER_NOT_ACTIVE',
  'FORBIDDEN',
  'INSUFFICIENT_SCOPES',
  'RATE_LIMITED',
] as const
export type VerificationCode = (typeof VERIFICATION_CODES)[number]

export const apiKeyVerificationSchema = z
  .object({
    valid: z.boolean(),
    code: z.enum(VERIFICATION_CODES),
    keyId: idSchema.nullable(),
    userId: idSchema.nullable(),
    scopes: z.array(keyScopeSchema),
    organizationId: idSchema.nullable(),
    rateLimit: z
      .object({
        limit: z.int(),
        remaining: z.int(),
        reset: z.int().describe('Seconds until the window ends, or more comes back into the bucket'),
      })
      .nullable(),
    expiresAt: timestampSchema.nullable(),
  })
  .meta({ id: 'ApiKeyVerification' })
export type ApiKeyVerification = z.output<typeof apiKeyVerificationSchema>
