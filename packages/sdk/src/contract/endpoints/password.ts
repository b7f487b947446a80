import { z } from 'zod'
import { defineEndpoint } from '../endpoint'
import { callbackUrlSchema, emailSchema, newPasswordSchema, passwordSchema } from '../schemas/primitive'
import { linkTokenSchema, openedSessionSchema } from '../schemas/sign-in'

/** The password of an account. */
export const passwordEndpoints = {
  changePassword: defineEndpoint({
    method: 'POST',
    path: '/api/auth/change-password',
    summary: 'Change the password',
    description:
      'Ends every other session, and gives the current one a new id and cookie value. An account without a password (made by another provider) gets one.',
    access: { kind: 'session', fresh: true },
    rateLimit: 'signIn',
    body: z.object({
      currentPassword: passwordSchema.optional().describe('Needed if the account has one'),
      newPassword: newPasswordSchema,
    }),
    response: z.object({ session: openedSessionSchema, revokedCount: z.int() }),
    status: 200,
    message: 'Password changed',
    errors: ['INVALID_CREDENTIALS', 'SERVICE_UNAVAILABLE'],
  }),
  requestPasswordReset: defineEndpoint({
    method: 'POST',
    path: '/api/auth/request-password-reset',
    summary: 'Send a link to set a new password',
    description: 'The answer is the same for any address. The link works once, within an hour.',
    access: { kind: 'public' },
    rateLimit: 'passwordReset',
    body: z.object({ email: emailSchema, callbackURL: callbackUrlSchema.optional() }),
    response: z.object({ passwordResetEmailSent: z.literal(true) }),
    status: 200,
    message: 'If this address belongs to an account, a mail is on its way',
    errors: [],
  }),
  openPasswordResetLink: defineEndpoint({
    method: 'GET',
    path: '/api/auth/reset-password',
    summary: 'Open the link from the password reset mail',
    description:
      'Leads on to the `callbackURL` that was given, or to a page of the server, with `#token=…`. Uses nothing up.',
    access: { kind: 'public' },
    query: z.object({ token: linkTokenSchema }),
    response: z.object({ token: z.string() }),
    opensLink: true,
    status: 200,
    message: 'Choose a new password',
    errors: ['INVALID_TOKEN'],
  }),
  resetPassword: defineEndpoint({
    method: 'POST',
    path: '/api/auth/reset-password',
    summary: 'Set a new password by the token from the mail',
    description: 'Ends every session. Signing in afterwards still needs the second factor, if there is one.',
    access: { kind: 'public' },
    rateLimit: 'signIn',
    body: z.object({ token: linkTokenSchema, newPassword: newPasswordSchema }),
    response: z.object({ passwordReset: z.literal(true) }),
    status: 200,
    message: 'Password set. Sign in with it',
    errors: ['INVALID_TOKEN', 'SERVICE_UNAVAILABLE'],
  }),
}
