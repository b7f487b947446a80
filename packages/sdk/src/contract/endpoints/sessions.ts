import { z } from 'zod'
import { defineEndpoint } from '../endpoint'
import { deviceSchema } from '../schemas/device'
import { idSchema, passwordSchema } from '../schemas/primitive'
import { sessionSchema } from '../schemas/session'
import { openedSessionSchema } from '../schemas/sign-in'
import { userSchema } from '../schemas/user'

const revoked = z.object({ revokedCount: z.int() })

/** The sessions and devices of an account. */
export const sessionEndpoints = {
  signOut: defineEndpoint({
    method: 'POST',
    path: '/api/auth/sign-out',
    summary: 'End the current session',
    access: { kind: 'session' },
    response: z.object({ signedOut: z.literal(true) }),
    status: 200,
    message: 'Signed out',
    errors: [],
  }),
  getSession: defineEndpoint({
    method: 'GET',
    path: '/api/auth/get-session',
    summary: 'Get the current session and its user',
    access: { kind: 'session' },
    response: z.object({ session: sessionSchema, user: userSchema }),
    status: 200,
    message: 'Session fetched successfully',
    errors: [],
  }),
  listSessions: defineEndpoint({
    method: 'GET',
    path: '/api/auth/list-sessions',
    summary: 'List the live sessions of the account',
    access: { kind: 'session' },
    response: z.array(sessionSchema),
    status: 200,
    message: 'Sessions fetched successfully',
    errors: [],
  }),
  revokeSession: defineEndpoint({
    method: 'POST',
    path: '/api/auth/revoke-session',
    summary: 'End one session of the account',
    access: { kind: 'session' },
    body: z.object({ id: idSchema }),
    response: revoked,
    status: 200,
    message: 'Session revoked',
    errors: ['NOT_FOUND'],
  }),
  revokeOtherSessions: defineEndpoint({
    method: 'POST',
    path: '/api/auth/revoke-other-sessions',
    summary: 'End every session but the current one',
    access: { kind: 'session' },
    response: revoked,
    status: 200,
    message: 'Other sessions revoked',
    errors: [],
  }),
  revokeSessions: defineEndpoint({
    method: 'POST',
    path: '/api/auth/revoke-sessions',
    summary: 'End every session, the current one too',
    access: { kind: 'session' },
    response: revoked,
    status: 200,
    message: 'All sessions revoked',
    errors: [],
  }),
  reauthenticate: defineEndpoint({
    method: 'POST',
    path: '/api/auth/reauthenticate',
    summary: 'Prove again who you are, by password',
    description:
      'Makes the session fresh for 15 minutes and gives it a new id and cookie value. A code of the authenticator app does the same at `/api/auth/two-factor/verify-totp`.',
    access: { kind: 'session' },
    rateLimit: 'signIn',
    body: z.object({ password: passwordSchema }),
    response: z.object({ session: openedSessionSchema }),
    status: 200,
    message: 'Proved again',
    errors: ['INVALID_CREDENTIALS', 'SERVICE_UNAVAILABLE'],
  }),
  listDevices: defineEndpoint({
    method: 'GET',
    path: '/api/auth/list-devices',
    summary: 'List the devices that signed in to the account',
    access: { kind: 'session' },
    response: z.array(deviceSchema),
    status: 200,
    message: 'Devices fetched successfully',
    errors: [],
  }),
  revokeDevice: defineEndpoint({
    method: 'POST',
    path: '/api/auth/revoke-device',
    summary: 'Forget a device, and that it was trusted',
    access: { kind: 'session' },
    body: z.object({ id: idSchema }),
    response: revoked,
    status: 200,
    message: 'Device forgotten',
    errors: ['NOT_FOUND'],
  }),
}
