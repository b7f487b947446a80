import { z } from 'zod'
import { defineEndpoint } from '../endpoint'
import {
  callbackUrlSchema,
  emailSchema,
  nameSchema,
  newPasswordSchema,
  passwordSchema,
  webUrlSchema,
} from '../schemas/primitive'
import {
  linkTokenSchema,
  signedInSchema,
  signInResultSchema,
  twoFactorChallengeSchema,
} from '../schemas/sign-in'

const rememberMe = z.boolean().default(true).describe('`false`: the session cookie ends with the browser')

const providerName = z.string().regex(/^[a-z0-9-]{1,32}$/, 'Must be the name of a provider')

/** Told to whoever brings the token, so that a page of the server can lead on as the link itself does. */
const linkCallbackURL = z
  .string()
  .nullable()
  .describe(
    'Where to send the browser now: the `callbackURL` that was given, with what is still to be proved in its fragment',
  )

/** Opening an account, and the ways into it but for passkeys. */
export const signInEndpoints = {
  signUpEmail: defineEndpoint({
    method: 'POST',
    path: '/api/auth/sign-up/email',
    summary: 'Create an account with e-mail and password',
    description:
      'Makes the user, a default organization that the user owns, and a verification mail. The answer is the same whether or not the address was taken; its owner gets a mail that says so.',
    access: { kind: 'public' },
    rateLimit: 'signUp',
    body: z.object({
      email: emailSchema,
      password: newPasswordSchema,
      name: nameSchema,
      callbackURL: callbackUrlSchema.optional(),
    }),
    response: z.object({
      user: z.object({ email: z.string(), fullName: z.string() }),
      verificationEmailSent: z.literal(true),
    }),
    status: 200,
    message: 'Account created. Open the link in the mail that we sent',
    errors: ['SERVICE_UNAVAILABLE'],
  }),
  signInEmail: defineEndpoint({
    method: 'POST',
    path: '/api/auth/sign-in/email',
    summary: 'Sign in with e-mail and password',
    description:
      'Sets the session cookie, and ends the session whose cookie came along. With two-factor authentication on, the answer holds a `challengeToken` instead of a session: prove a second factor with it. Failures for one account, known or not, slow down and then lock for a while (429); a device that signed in before has a count of its own.',
    access: { kind: 'public' },
    rateLimit: 'signIn',
    body: z.object({ email: emailSchema, password: passwordSchema, rememberMe }),
    response: signInResultSchema,
    status: 200,
    message: 'Signed in',
    errors: ['INVALID_CREDENTIALS', 'USER_NOT_ACTIVE', 'SERVICE_UNAVAILABLE'],
  }),
  signInMagicLink: defineEndpoint({
    method: 'POST',
    path: '/api/auth/sign-in/magic-link',
    summary: 'Send a link that signs in',
    description: 'The answer is the same for any address. The link works once, within 5 minutes.',
    access: { kind: 'public' },
    rateLimit: 'magicLink',
    body: z.object({ email: emailSchema, callbackURL: callbackUrlSchema.optional(), rememberMe }),
    response: z.object({ magicLinkSent: z.literal(true) }),
    status: 200,
    message: 'If this address belongs to an account, a mail is on its way',
    errors: [],
  }),
  openMagicLink: defineEndpoint({
    method: 'GET',
    path: '/api/auth/magic-link/verify',
    summary: 'Open the link that signs in',
    description:
      'Sets the session cookie and leads on to the `callbackURL` that was given, if one was; where a second factor is needed, with `#twoFactorRequired=true&challengeToken=…`. A browser is shown a page that asks first, so that no mail scanner uses the link up and nobody is signed in by the link of somebody else.',
    access: { kind: 'public' },
    rateLimit: 'magicLink',
    query: z.object({ token: linkTokenSchema }),
    response: signInResultSchema,
    opensLink: true,
    status: 200,
    message: 'Signed in',
    errors: ['INVALID_TOKEN', 'USER_NOT_ACTIVE'],
  }),
  verifyMagicLink: defineEndpoint({
    method: 'POST',
    path: '/api/auth/magic-link/verify',
    summary: 'Sign in by the token from a magic link',
    access: { kind: 'public' },
    rateLimit: 'magicLink',
    body: z.object({ token: linkTokenSchema }),
    response: z.union([
      signedInSchema.extend({ callbackURL: linkCallbackURL }),
      twoFactorChallengeSchema.extend({ callbackURL: linkCallbackURL }),
    ]),
    status: 200,
    message: 'Signed in',
    errors: ['INVALID_TOKEN', 'USER_NOT_ACTIVE'],
  }),
  signInSocial: defineEndpoint({
    method: 'POST',
    path: '/api/auth/sign-in/social',
    summary: 'Begin to sign in with another provider',
    description:
      'Answers with the address to send the browser to. The provider sends it back to `/api/auth/callback/:provider`, and from there it goes on to `callbackURL`. An address is linked to an existing account only if the provider has verified it and the account has, too.',
    access: { kind: 'public' },
    rateLimit: 'signIn',
    body: z.object({
      provider: providerName.meta({ example: 'google' }),
      callbackURL: callbackUrlSchema.optional(),
      rememberMe,
    }),
    response: z.object({ url: webUrlSchema }),
    status: 200,
    message: 'Send the browser to this address',
    errors: ['NOT_FOUND'],
  }),
  socialCallback: defineEndpoint({
    method: 'GET',
    path: '/api/auth/callback/:provider',
    summary: 'Take the browser back from another provider',
    description:
      'Leads on to the `callbackURL` that was given: signed in, with `#twoFactorRequired=true&challengeToken=…` where a second factor is needed, or with `?error=CODE` after a refusal.',
    access: { kind: 'public' },
    params: z.object({ provider: providerName }),
    query: z.looseObject({ state: linkTokenSchema }),
    response: signInResultSchema,
    opensLink: true,
    status: 200,
    message: 'Signed in',
    errors: ['INVALID_TOKEN', 'USER_NOT_ACTIVE', 'EMAIL_NOT_VERIFIED', 'CONFLICT', 'NOT_FOUND'],
  }),
  identify: defineEndpoint({
    method: 'POST',
    path: '/api/auth/identify',
    summary: 'Ask which ways to sign in to offer for an address',
    description: "An unknown address is answered as a password user's.",
    access: { kind: 'public' },
    rateLimit: 'signIn',
    body: z.object({ email: emailSchema }),
    response: z.object({
      method: z.enum(['password', 'sso']),
      ssoProvider: z.string().nullable(),
      ssoRedirectUrl: z.string().nullable(),
      hasPasskey: z.boolean(),
      allowMagicLink: z.boolean(),
    }),
    status: 200,
    message: 'Ways to sign in',
    errors: [],
  }),
}
