import type { TransportRequest } from '@snoop/sdk'
import { type FakeAnswer, listAnswer, ok, refuse, type Values } from './fake-answers'
import type { FakeCaller } from './fake-routes'
import { openSession, readCookie, refuseCommonPassword } from './fake-sign-in-routes'
import type { FakeState } from './fake-snoop'
import { TIME, userOf } from './fake-user'

const FRESH_FOR_MS = 15 * 60 * 1000
const NEEDS_FRESH = new Set([
  '/api/auth/change-password',
  '/api/auth/change-email',
  '/api/auth/two-factor/enable',
  '/api/auth/two-factor/disable',
  '/api/auth/two-factor/generate-backup-codes',
  '/api/auth/passkey/delete',
  'DELETE /api/user/me',
])

export const TOTP_URI =
  'otpauth://totp/localhost:ada%40example.com?issuer=localhost&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30'

const notFound = refuse(404, 'NOT_FOUND', 'Not found')

/** The rule of every change of how one signs in: other sessions end, this one gets a new secret. */
const changeProof = (state: FakeState, secret: string, data: Values): FakeAnswer => {
  const revokedCount = state.sessions.size - 1
  for (const other of [...state.sessions.keys()]) if (other !== secret) state.sessions.delete(other)
  for (const device of state.devices) device.trusted = false
  const { setCookie, body } = openSession(state, secret)
  const { session } = (body as { data: { session: object } }).data
  return { ...ok({ session, revokedCount, ...data }), ...(setCookie && { setCookie }) }
}

const newBackupCodes = (state: FakeState): string[] =>
  Array.from({ length: 10 }, () => `k7m2q-${state.newName()}x`)

const changePassword = (state: FakeState, secret: string, input: Values): FakeAnswer => {
  const { currentPassword, newPassword } = input
  if (currentPassword !== state.user.password) {
    return refuse(401, 'INVALID_CREDENTIALS', 'Invalid e-mail address or password')
  }
  const common = refuseCommonPassword(newPassword)
  if (common) return common
  state.user.password = String(newPassword)
  return changeProof(state, secret, {})
}

const answerTwoFactor = (state: FakeState, secret: string, action: string, input: Values): FakeAnswer => {
  const { twoFactor } = state
  if (action === 'status') {
    const enabled = twoFactor?.confirmed === true
    return ok({
      enabled,
      method: enabled ? twoFactor.method : null,
      enabledAt: enabled ? TIME : null,
      backupCodesLeft: enabled ? twoFactor.backupCodes.length : 0,
    })
  }
  if (action === 'enable') {
    if (twoFactor?.confirmed) return refuse(409, 'CONFLICT', 'Two-factor authentication is on already')
    const method = input.method === 'email' ? 'email' : 'totp'
    state.twoFactor = { method, confirmed: false, backupCodes: newBackupCodes(state) }
    const { backupCodes } = state.twoFactor
    return ok({ method, totpURI: method === 'totp' ? TOTP_URI : null, backupCodes: [...backupCodes] })
  }
  if (!twoFactor?.confirmed) return refuse(409, 'CONFLICT', 'Two-factor authentication is off')
  if (action === 'disable') {
    state.twoFactor = undefined
    return changeProof(state, secret, { disabled: true })
  }
  twoFactor.backupCodes.splice(0, 10, ...newBackupCodes(state))
  return changeProof(state, secret, { backupCodes: [...twoFactor.backupCodes] })
}

const answerPasskeys = (state: FakeState, action: string, { id, name }: Values): FakeAnswer => {
  const view = (passkey: FakeState['passkeys'][number]) => ({
    deviceType: 'multiDevice',
    backedUp: true,
    createdAt: TIME,
    lastUsedAt: null,
    ...passkey,
  })
  if (action === 'list') return ok(state.passkeys.map(view))
  const found = state.passkeys.find(passkey => passkey.id === id)
  if (found === undefined) return notFound
  if (action === 'update') found.name = String(name)
  else state.passkeys.splice(state.passkeys.indexOf(found), 1)
  return ok(view(found))
}

const sessionViews = (state: FakeState, secret: string) =>
  [...state.sessions].map(([key, { id }]) => ({
    id,
    device: 'snoop on Linux',
    ipAddress: '192.0.2.1',
    createdAt: TIME,
    lastSeenAt: TIME,
    expiresAt: new Date(state.now() + 1000).toISOString(),
    current: key === secret,
  }))

const revoke = (state: FakeState, secrets: readonly string[]): FakeAnswer => {
  for (const secret of secrets) state.sessions.delete(secret)
  return secrets.length === 0 ? notFound : ok({ revokedCount: secrets.length })
}

const answerDevices = (state: FakeState, request: TransportRequest, { id }: Values): FakeAnswer => {
  if (request.url.pathname.endsWith('/list-devices')) {
    const token = readCookie(request, 'snoop_device')
    return ok(
      state.devices.map(device => ({
        id: device.id,
        device: 'snoop on Linux',
        ipAddress: '192.0.2.1',
        firstSignInAt: TIME,
        lastSignInAt: TIME,
        trustedUntil: device.trusted ? '2090-06-08T12:00:00.000Z' : null,
        current: device.token === token,
      })),
    )
  }
  const at = state.devices.findIndex(device => device.id === id)
  if (at < 0) return notFound
  state.devices.splice(at, 1)
  return ok({ revokedCount: 1 })
}

const exportOf = (state: FakeState) => ({
  exportedAt: TIME,
  user: userOf(state),
  hasPassword: true,
  twoFactor: null,
  passkeys: [],
  socialAccounts: [],
  sessions: [],
  devices: [],
  loginHistory: [],
  apiKeys: [],
  memberships: [],
  projectsCreated: [],
})

const loginEvents = Array.from({ length: 60 }, (_, index) => ({
  createdAt: TIME,
  method: 'password',
  ipAddress: '192.0.2.1',
  userAgent: 'snoop-cli',
  success: index > 0,
}))

const updateUser = ({ user }: FakeState, { fullName, handle, emailPreferences }: Values): void => {
  if (typeof fullName === 'string') user.fullName = fullName
  if (typeof handle === 'string') user.handle = handle
  const preferences = emailPreferences as { marketingOptOut?: boolean } | undefined
  if (preferences?.marketingOptOut !== undefined) user.marketingOptOut = preferences.marketingOptOut
}

/** The endpoints of one's own account that a key may call, too. */
export const answerUserRequest = (
  state: FakeState,
  { method, url }: TransportRequest,
  input: Values,
): FakeAnswer => {
  if (url.pathname.endsWith('/export')) return ok(exportOf(state))
  if (url.pathname.endsWith('/login-history')) return listAnswer(loginEvents, url.searchParams)
  if (method === 'PUT') updateUser(state, input)
  if (method !== 'DELETE') return ok(userOf(state))
  state.sessions.clear()
  return ok({ deleted: true })
}

const isFresh = (state: FakeState, secret: string): boolean =>
  state.now() - (state.sessions.get(secret)?.authenticatedAtMs ?? 0) < FRESH_FOR_MS

const stale = refuse(403, 'FRESH_SESSION_REQUIRED', 'Prove again that it is you')

/** @returns the refusal of a caller who has no fresh session */
export const refuseUnlessFresh = (state: FakeState, caller: FakeCaller): FakeAnswer | undefined => {
  if ('key' in caller) return refuse(403, 'NO_PERMISSIONS', 'This action needs a signed-in session')
  return isFresh(state, caller.session) ? undefined : stale
}

/** @returns the refusal if this call wants a fresher session */
export const refuseIfStale = (
  state: FakeState,
  secret: string,
  { method, url }: TransportRequest,
): FakeAnswer | undefined => {
  const isGuarded = NEEDS_FRESH.has(url.pathname) || NEEDS_FRESH.has(`${method} ${url.pathname}`)
  return isGuarded && !isFresh(state, secret) ? stale : undefined
}

/** The endpoints that only a session may call. */
export const answerSessionRequest = (
  state: FakeState,
  secret: string,
  request: TransportRequest,
  input: Values,
): FakeAnswer | undefined => {
  const { pathname } = request.url
  const others = [...state.sessions.keys()].filter(key => key !== secret)
  if (pathname.startsWith('/api/auth/two-factor/'))
    return answerTwoFactor(state, secret, pathname.slice('/api/auth/two-factor/'.length), input)
  if (pathname.startsWith('/api/auth/passkey/'))
    return answerPasskeys(state, pathname.slice('/api/auth/passkey/'.length), input)
  switch (pathname) {
    case '/api/auth/sign-out':
      state.sessions.delete(secret)
      return ok({ signedOut: true })
    case '/api/auth/get-session':
      return ok({
        session: sessionViews(state, secret).find(({ current }) => current),
        user: userOf(state),
      })
    case '/api/auth/list-sessions':
      return ok(sessionViews(state, secret))
    case '/api/auth/revoke-session':
      return revoke(
        state,
        [...state.sessions].flatMap(([key, { id }]) => (id === input.id ? [key] : [])),
      )
    case '/api/auth/revoke-other-sessions':
      return others.length === 0 ? ok({ revokedCount: 0 }) : revoke(state, others)
    case '/api/auth/revoke-sessions':
      return revoke(state, [...others, secret])
    case '/api/auth/list-devices':
    case '/api/auth/revoke-device':
      return answerDevices(state, request, input)
    case '/api/auth/reauthenticate':
      return input.password === state.user.password
        ? openSession(state, secret)
        : refuse(401, 'INVALID_CREDENTIALS', 'Invalid e-mail address or password')
    case '/api/auth/change-password':
      return changePassword(state, secret, input)
    case '/api/auth/change-email':
      return ok({ verificationEmailSent: true })
    default:
      return undefined
  }
}
