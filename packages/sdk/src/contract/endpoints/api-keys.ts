import { z } from 'zod'
import { defineEndpoint } from '../endpoint'
import {
  API_KEY_STATES,
  apiKeyLimitShape,
  apiKeyMetadataSchema,
  apiKeyNameSchema,
  apiKeySchema,
  apiKeyVerificationSchema,
  createdApiKeySchema,
  expiresInSchema,
  keyFormatSchema,
  keyScopeSchema,
  permissionMapSchema,
  scopeListSchema,
} from '../schemas/api-key'
import { pagingQuery } from '../schemas/paging'
import { idSchema, timestampSchema } from '../schemas/primitive'
import { KEY_FORMAT_NAMES } from '../vocabulary'

export const apiKeyEndpoints = {
  create: defineEndpoint({
    method: 'POST',
    path: '/api/auth/api-key/create',
    summary: 'Make a personal access token',
    description:
      'The secret is in the answer this once. `metadata.organizationId` pins the key to that organization. A key made by a key never has more scopes, wider permissions, another pin, a longer life or a higher limit than its maker, nor another format. A new key of the format `snt` ends the one that the account had.',
    access: { kind: 'account', scopes: ['api-keys:write'] },
    body: z.object({
      name: apiKeyNameSchema,
      expiresIn: expiresInSchema.nullish(),
      format: keyFormatSchema
        .default('ba')
        .describe('`ba` for the native API; the others for the surfaces snipy, snaptrack and snaapi'),
      scopes: scopeListSchema.optional(),
      permissions: permissionMapSchema
        .nullish()
        .describe(
          'What the key may do to resources, of the formats `ba` and `sna`; left out: for `sna` all that the role of its owner allows, for `ba` nothing',
        ),
      metadata: apiKeyMetadataSchema.nullish(),
      ...apiKeyLimitShape,
    }),
    response: createdApiKeySchema,
    idempotency: 'answer',
    status: 200,
    message: 'API key created',
    errors: ['KEY_LIMIT_REACHED', 'FORBIDDEN', 'NO_PERMISSIONS'],
  }),
  list: defineEndpoint({
    method: 'GET',
    path: '/api/auth/api-key/list',
    summary: "List the account's keys, dead ones too",
    description:
      '`q` is a part of the name, or how the key begins, as far as `start` shows it. A use that is a second old counts already, unless another process let it in.',
    access: { kind: 'account', scopes: ['api-keys:read'] },
    query: pagingQuery('name', 'expiresAt').extend({
      state: z.enum(API_KEY_STATES).optional().describe('Only keys in this state'),
      format: z.enum(KEY_FORMAT_NAMES).optional().describe('Only keys of this format'),
      unusedSince: timestampSchema
        .optional()
        .describe('Only keys that were made before this time and not used since'),
      expiringBefore: timestampSchema.optional().describe('Only keys that live and expire before this time'),
    }),
    response: z.array(apiKeySchema),
    paged: true,
    status: 200,
    message: 'API keys fetched successfully',
    errors: [],
  }),
  get: defineEndpoint({
    method: 'GET',
    path: '/api/auth/api-key/get',
    summary: 'Get the record of a key, never its secret',
    access: { kind: 'account', scopes: ['api-keys:read'] },
    query: z.object({ id: idSchema }),
    response: apiKeySchema,
    status: 200,
    message: 'API key fetched successfully',
    errors: ['NOT_FOUND'],
  }),
  update: defineEndpoint({
    method: 'POST',
    path: '/api/auth/api-key/update',
    summary: 'Change the name, life, permissions, metadata or limits of a key',
    description:
      'Format, scopes and pin are fixed when a key is made. A key that is revoked, rotated or expired cannot be changed.',
    access: { kind: 'account', scopes: ['api-keys:write'] },
    body: z.object({
      keyId: idSchema,
      name: apiKeyNameSchema.optional(),
      enabled: z.boolean().optional(),
      permissions: permissionMapSchema.nullish(),
      metadata: apiKeyMetadataSchema.nullish(),
      expiresAt: timestampSchema.nullish(),
      ...apiKeyLimitShape,
    }),
    response: apiKeySchema,
    status: 200,
    message: 'API key updated',
    errors: ['NOT_FOUND', 'CONFLICT', 'NO_PERMISSIONS'],
  }),
  delete: defineEndpoint({
    method: 'POST',
    path: '/api/auth/api-key/delete',
    summary: 'Revoke a key; it is refused from the next request on',
    access: { kind: 'account', scopes: ['api-keys:delete'] },
    body: z.object({ keyId: idSchema }),
    response: apiKeySchema,
    status: 200,
    message: 'API key revoked',
    errors: ['NOT_FOUND'],
  }),
  rotate: defineEndpoint({
    method: 'POST',
    path: '/api/auth/api-key/rotate',
    summary: 'Replace the secret of a key',
    description:
      'Makes a successor with the same name, format, scopes, permissions, pin, limits and (unless `expiresIn` is given) expiry. The old key ends now, or after `gracePeriod` seconds if that is sooner than its own expiry; a key of the format `snt`, of which an account has one, ends now. For as long as both are good they count against one limit. Sent again with the same `Idempotency-Key` before the successor was used, it answers with a fresh secret of the same successor; otherwise a second rotation is 409 and `meta.rotatedTo` names the successor.',
    access: { kind: 'account', scopes: ['api-keys:write'] },
    body: z.object({
      keyId: idSchema,
      gracePeriod: z
        .int()
        .min(0)
        .max(30 * 24 * 3600, 'Must be at most 30 days')
        .default(0)
        .describe('Seconds that the old secret stays good'),
      expiresIn: expiresInSchema.optional(),
    }),
    response: createdApiKeySchema,
    idempotency: 'own',
    status: 200,
    message: 'API key rotated',
    errors: ['NOT_FOUND', 'CONFLICT', 'NO_PERMISSIONS'],
  }),
  verify: defineEndpoint({
    method: 'POST',
    path: '/api/auth/api-key/verify',
    summary: 'Check a key for another service',
    description:
      "Answers for the caller's own keys and those pinned to organizations that it manages; any other key is `NOT_FOUND`. A valid answer counts against the key's limit.",
    access: { kind: 'account', scopes: ['api-keys:read'] },
    body: z.object({
      key: z.string().min(1, 'Required').max(512),
      scopes: z.array(keyScopeSchema).max(50).optional().describe('Scopes that the key must have'),
      organizationId: idSchema.optional().describe('Organization that the key must be good for'),
    }),
    response: apiKeyVerificationSchema,
    status: 200,
    message: 'API key checked',
    errors: [],
  }),
}
