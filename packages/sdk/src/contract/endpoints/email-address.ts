import { z } from 'zod'
import { defineEndpoint } from '../endpoint'
import { callbackUrlSchema, emailSchema, timestampSchema } from '../schemas/primitive'
import { linkTokenSchema } from '../schemas/sign-in'

const verified = z.object({ email: z.string(), verifiedAt: timestampSchema })

/** The address of an account. */
export const emailAddressEndpoints = {
  sendVerificationEmail: defineEndpoint({
    method: 'POST',
    path: '/api/auth/send-verification-email',
    summary: 'Send the verification mail again',
    description: 'The answer is the same for any address. A new link ends the older ones.',
    access: { kind: 'public' },
    rateLimit: 'verificationMail',
    body: z.object({ email: emailSchema, callbackURL: callbackUrlSchema.optional() }),
    response: z.object({ verificationEmailSent: z.literal(true) }),
    status: 200,
    message: 'If this address awaits verification, a mail is on its way',
    errors: [],
  }),
  verifyEmail: defineEndpoint({
    method: 'POST',
    path: '/api/auth/verify-email',
    summary: 'Verify an e-mail address by the token from the mail',
    description: 'Takes links for a first address and for a change of address.',
    access: { kind: 'public' },
    body: z.object({ token: linkTokenSchema }),
    response: verified,
    status: 200,
    message: 'E-mail address verified',
    errors: ['INVALID_TOKEN'],
  }),
  openVerificationLink: defineEndpoint({
    method: 'GET',
    path: '/api/auth/verify-email',
    summary: 'Open the link from the verification mail',
    description: 'Leads on to the `callbackURL` that was given, if one was.',
    access: { kind: 'public' },
    query: z.object({ token: linkTokenSchema }),
    response: verified,
    opensLink: true,
    status: 200,
    message: 'E-mail address verified',
    errors: ['INVALID_TOKEN'],
  }),
  changeEmail: defineEndpoint({
    method: 'POST',
    path: '/api/auth/change-email',
    summary: 'Ask for another e-mail address',
    description:
      'The new address counts once its link was opened; the old one is told at once and again then. The answer is the same whether or not the new address belongs to another account.',
    access: { kind: 'session', fresh: true },
    rateLimit: 'verificationMail',
    body: z.object({ email: emailSchema, callbackURL: callbackUrlSchema.optional() }),
    response: z.object({ verificationEmailSent: z.literal(true) }),
    status: 200,
    message: 'Open the link in the mail that we sent to the new address',
    errors: ['CONFLICT'],
  }),
}
