import { z } from 'zod'
import { idSchema, nameSchema, scopeSchema, timestampSchema } from './primitive'

/** Where a key is in its life. Only `active` ones are accepted; the others stay visible. */
export const API_KEY_STATES = ['active', 'disabled', 'expired', 'rotated', 'revoked'] as const
export type ApiKeyState = (typeof API_KEY_STATES)[number]

/** `{resource:{action:[field,…]}}`. */
const permissionMapSchema = z.record(z.string(), z.record(z.string(), z.array(z.string())))

/** The key's record; never the secret. */
export const apiKeySchema = z
  .object({
    id: idSchema.meta({ example: 'ak_01HZ3K5R4X9Y2V6QF8TJ7W0CDN' }),
    name: z.string(),
    prefix: z.string(),
    start: z.string().describe('The first characters, to recognise the key by'),
    format: z.string(),
    userId: idSchema,
    organizationId: idSchema.nullable().describe('The organization that the key is pinned to'),
    state: z.enum(API_KEY_STATES),
    enabled: z.boolean(),
    scopes: z.array(scopeSchema),
    permissions: permissionMapSchema.nullable(),
    metadata: z.record(z.string(), z.unknown()).nullable(),
    expiresAt: timestampSchema.nullable(),
    rateLimitEnabled: z.boolean(),
    rateLimitMax: z.int(),
    rateLimitTimeWindow: z.int().describe('Milliseconds'),
    refillInterval: z.int().nullable().describe('Milliseconds'),
    refillAmount: z.int().nullable(),
    requestCount: z.int().describe('Requests ever made with this key; may lag by seconds'),
    remaining: z.int().nullable().describe('Requests left in the current window'),
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
    scopes: z.array(scopeSchema),
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
  .array(scopeSchema)
  .max(50)
  .transform(scopes => [...new Set(scopes)])
  .describe('What the key may do. None: nothing')

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
    scopes: z.array(scopeSchema),
    organizationId: idSchema.nullable(),
    rateLimit: z
      .object({
        limit: z.int(),
        remaining: z.int(),
        reset: z.int().describe('Seconds until the window ends'),
      })
      .nullable(),
    expiresAt: timestampSchema.nullable(),
  })
  .meta({ id: 'ApiKeyVerification' })
export type ApiKeyVerification = z.output<typeof apiKeyVerificationSchema>
