import { z } from 'zod'
import { defineEndpoint } from '../endpoint'
import { timestampSchema } from '../schemas/primitive'
import { backupCodeSchema, challengeTokenSchema, oneTimeCodeSchema, signedInSchema } from '../schemas/sign-in'

const trustDevice = z
  .boolean()
  .default(false)
  .describe('Do not ask this device for a second factor for 30 days')

const codeBody = z.object({
  code: oneTimeCodeSchema,
  challengeToken: challengeTokenSchema.optional(),
  trustDevice,
})

const backupCodes = z.array(z.string()).length(10).describe('Each signs in once; shown this once')

const codeErrors = ['INVALID_CODE', 'INVALID_TOKEN', 'AUTHENTICATION_REQUIRED', 'USER_NOT_ACTIVE'] as const

/** A second proof besides the password. */
export const twoFactorEndpoints = {
  enable: defineEndpoint({
    method: 'POST',
    path: '/api/auth/two-factor/enable',
    summary: 'Begin to turn on two-factor authentication',
    description:
      'Shows the secret for an authenticator app (RFC 6238: 6 digits, 30 seconds) and ten backup codes, or sends a code by mail. It counts once a first code was verified with the session.',
    access: { kind: 'session', fresh: true },
    rateLimit: 'twoFactor',
    body: z.object({ method: z.enum(['totp', 'email']).default('totp') }),
    response: z.object({
      method: z.enum(['totp', 'email']),
      totpURI: z.string().nullable().describe('An `otpauth://` URI; null for codes by mail'),
      backupCodes,
    }),
    status: 200,
    message: 'Verify a first code to turn it on',
    errors: ['CONFLICT', 'EMAIL_NOT_VERIFIED'],
  }),
  verifyTotp: defineEndpoint({
    method: 'POST',
    path: '/api/auth/two-factor/verify-totp',
    summary: 'Prove a code of the authenticator app',
    description:
      'With a `challengeToken` it signs in. With a session it turns two-factor authentication on after `enable`, and later makes the session fresh. No code counts twice.',
    access: { kind: 'public' },
    rateLimit: 'twoFactor',
    body: codeBody,
    response: signedInSchema,
    status: 200,
    message: 'Code verified',
    errors: codeErrors,
  }),
  sendOtp: defineEndpoint({
    method: 'POST',
    path: '/api/auth/two-factor/send-otp',
    summary: 'Send a code by mail',
    description: 'For accounts whose second factor is the mailbox. A new code ends the older ones.',
    access: { kind: 'public' },
    rateLimit: 'twoFactor',
    body: z.object({ challengeToken: challengeTokenSchema.optional() }),
    response: z.object({ codeSent: z.literal(true), expiresAt: timestampSchema }),
    status: 200,
    message: 'A code is on its way',
    errors: ['INVALID_TOKEN', 'AUTHENTICATION_REQUIRED', 'CONFLICT'],
  }),
  verifyOtp: defineEndpoint({
    method: 'POST',
    path: '/api/auth/two-factor/verify-otp',
    summary: 'Prove a code that came by mail',
    description: 'With a `challengeToken` it signs in; with a session it turns two-factor authentication on.',
    access: { kind: 'public' },
    rateLimit: 'twoFactor',
    body: codeBody,
    response: signedInSchema,
    status: 200,
    message: 'Code verified',
    errors: codeErrors,
  }),
  verifyBackupCode: defineEndpoint({
    method: 'POST',
    path: '/api/auth/two-factor/verify-backup-code',
    summary: 'Sign in with a backup code',
    access: { kind: 'public' },
    rateLimit: 'twoFactor',
    body: z.object({ code: backupCodeSchema, challengeToken: challengeTokenSchema, trustDevice }),
    response: signedInSchema,
    status: 200,
    message: 'Code verified',
    errors: ['INVALID_CODE', 'INVALID_TOKEN', 'USER_NOT_ACTIVE'],
  }),
  generateBackupCodes: defineEndpoint({
    method: 'POST',
    path: '/api/auth/two-factor/generate-backup-codes',
    summary: 'Make ten new backup codes in place of the old ones',
    access: { kind: 'session', fresh: true },
    rateLimit: 'twoFactor',
    response: z.object({ backupCodes }),
    status: 200,
    message: 'Backup codes made',
    errors: ['CONFLICT'],
  }),
  disable: defineEndpoint({
    method: 'POST',
    path: '/api/auth/two-factor/disable',
    summary: 'Turn off two-factor authentication',
    access: { kind: 'session', fresh: true },
    rateLimit: 'twoFactor',
    response: z.object({ disabled: z.literal(true) }),
    status: 200,
    message: 'Two-factor authentication is off',
    errors: ['CONFLICT'],
  }),
  status: defineEndpoint({
    method: 'GET',
    path: '/api/auth/two-factor/status',
    summary: 'Show how the account is protected by a second factor',
    access: { kind: 'session' },
    rateLimit: 'twoFactor',
    response: z.object({
      enabled: z.boolean(),
      method: z.enum(['totp', 'email']).nullable(),
      enabledAt: timestampSchema.nullable(),
      backupCodesLeft: z.int(),
    }),
    status: 200,
    message: 'Two-factor authentication fetched successfully',
    errors: [],
  }),
}
