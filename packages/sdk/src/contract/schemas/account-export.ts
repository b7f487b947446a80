import { z } from 'zod'
import { apiKeySchema } from './api-key'
import { deviceSchema, loginEventSchema } from './device'
import { passkeySchema } from './passkey'
import { idSchema, timestampSchema } from './primitive'
import { sessionSchema } from './session'
import { userSchema } from './user'

/** All that is held on a user. Secrets are not among it: the server has none that it could show. */
export const accountExportSchema = z
  .object({
    exportedAt: timestampSchema,
    user: userSchema,
    hasPassword: z.boolean(),
    twoFactor: z
      .object({ method: z.enum(['totp', 'email']), enabledAt: timestampSchema, backupCodesLeft: z.int() })
      .nullable(),
    passkeys: z.array(passkeySchema),
    socialAccounts: z.array(
      z.object({ provider: z.string(), subject: z.string(), email: z.string(), linkedAt: timestampSchema }),
    ),
    sessions: z.array(sessionSchema),
    accessTokenSignIns: z
      .array(
        z.object({
          id: idSchema,
          ipAddress: z.string(),
          userAgent: z.string(),
          createdAt: timestampSchema,
          expiresAt: timestampSchema,
          endedAt: timestampSchema.nullable(),
        }),
      )
      .describe('Sign-ins by which programs got access tokens; removed some days after their end'),
    devices: z.array(deviceSchema),
    loginHistory: z.array(loginEventSchema),
    links: z
      .array(
        z.object({
          purpose: z.string(),
          email: z.string(),
          createdAt: timestampSchema,
          expiresAt: timestampSchema,
          usedAt: timestampSchema.nullable(),
        }),
      )
      .describe('Links that were sent by mail; removed some days after their end'),
    challenges: z
      .array(z.object({ kind: z.string(), createdAt: timestampSchema, expiresAt: timestampSchema }))
      .describe('Sign-ins and ceremonies that wait for a second step'),
    apiKeys: z.array(apiKeySchema),
    memberships: z.array(
      z.object({
        organizationId: idSchema,
        organizationName: z.string(),
        role: z.string(),
        joinedAt: timestampSchema,
      }),
    ),
    projectsCreated: z.array(
      z.object({
        organizationId: idSchema,
        id: idSchema,
        name: z.string(),
        createdAt: timestampSchema,
      }),
    ),
    invitationsSent: z
      .array(
        z.object({
          organizationId: idSchema,
          id: idSchema,
          email: z.string(),
          role: z.string(),
          createdAt: timestampSchema,
        }),
      )
      .describe('Those that are pending or expired'),
    repeatableRequests: z
      .array(z.object({ id: idSchema, state: z.string(), createdAt: timestampSchema }))
      .describe('Requests with an Idempotency-Key, kept for 24 hours'),
  })
  .meta({ id: 'AccountExport' })
export type AccountExport = z.output<typeof accountExportSchema>
