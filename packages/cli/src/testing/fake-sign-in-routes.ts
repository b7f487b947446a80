import type { TransportRequest } from '@snoop/sdk'
import { type FakeAnswer, ok, refuse, type Values } from './fake-answers'
import type { FakeState } from './fake-snoop'
import { userOf } from './fake-user'

const WEEK_MS = 7 * 24 * 3600 * 1000
/** What an authenticator shows, and what a mail says. */
export const RIGHT_CODE = '123456'

export const readCookie = ({ headers }: TransportRequest, name: string): string | undefined =>
  new RegExp(`${name}=([^;]+)`).exec(headers.cookie ?? '')?.[1]

const setCookie = (name: string, value: string, expires: Date): string =>
  `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Expires=${expires.toUTCString()}`

/** A session under a new id and secret, in the place of an old one if there is one. */
export const openSession = (state: FakeState, former: string | undefined): FakeAnswer => {
  const name = state.newName()
  if (former !== undefined) state.sessions.delete(former)
  state.sessions.set(`session-secret-${name}`, { id: `01SESSION${name}`, authenticatedAtMs: state.now() })
  const expires = new Date(state.now() + WEEK_MS)
  return {
    ...ok({
      user: userOf(state),
      session: { id: `01SESSION${name}`, expiresAt: expires.toISOString() },
      revokedCount: 0,
    }),
    setCookie: [setCookie('snoop_session', `session-secret-${name}`, expires)],
  }
}

/** As `openSession`, and the device is known from now on. */
const signedIn = (state: FakeState, request: TransportRequest, trustDevice: boolean): FakeAnswer => {
  const token = readCookie(request, 'snoop_device') ?? `device-secret-${state.newName()}`
  let device = state.devices.find(known => known.token === token)
  if (device === undefined) {
    device = { id: `01DEVICE${state.newName()}`, token, trusted: false }
    state.devices.push(device)
  }
  if (trustDevice) device.trusted = true
  const answer = openSession(state, readCookie(request, 'snoop_session'))
  const year = new Date(state.now() + 52 * WEEK_MS)
  return { ...answer, setCookie: [...(answer.setCookie ?? []), setCookie('snoop_device', token, year)] }
}

/** What a proved first factor leads to. */
const afterFirstFactor = (state: FakeState, request: TransportRequest, byMail: boolean): FakeAnswer => {
  const { twoFactor } = state
  const token = readCookie(request, 'snoop_device')
  const isTrusted = state.devices.some(device => device.token === token && device.trusted)
  if (!twoFactor?.confirmed || isTrusted) return signedIn(state, request, false)
  const challengeToken = `challenge-${state.newName()}`
  state.challenges.add(challengeToken)
  const first = byMail && twoFactor.method === 'email' ? [] : [twoFactor.method]
  return ok({
    twoFactorRequired: true,
    methods: [...first, 'backup-code'],
    challengeToken,
    expiresAt: new Date(state.now() + 600_000).toISOString(),
  })
}

const byPassword = (state: FakeState, request: TransportRequest, { email, password }: Values): FakeAnswer => {
  if (email !== state.user.email || password !== state.user.password) {
    return refuse(401, 'INVALID_CREDENTIALS', 'Invalid e-mail address or password')
  }
  if (!state.user.isVerified) {
    return refuse(403, 'EMAIL_NOT_VERIFIED', 'The e-mail address is not verified')
  }
  return afterFirstFactor(state, request, false)
}

/** @returns whether it was there; it is used up */
export const takeLink = (state: FakeState, token: unknown, purpose: string): boolean => {
  if (typeof token !== 'string' || state.links.get(token) !== purpose) return false
  return state.links.delete(token)
}

export const invalidLink = refuse(400, 'INVALID_TOKEN', 'This link is invalid, expired or already used')
const wrongCode = refuse(400, 'INVALID_CODE', 'This code is wrong, expired or already used')

const isRight = (state: FakeState, path: string, code: unknown): boolean => {
  const { twoFactor } = state
  if (twoFactor === undefined) return false
  if (path.endsWith('/verify-backup-code')) {
    const at = twoFactor.backupCodes.indexOf(String(code))
    if (at >= 0) twoFactor.backupCodes.splice(at, 1)
    return at >= 0
  }
  const method = path.endsWith('/verify-totp') ? 'totp' : 'email'
  return method === twoFactor.method && String(code).replace(' ', '') === RIGHT_CODE
}

const verifySecondFactor = (state: FakeState, request: TransportRequest, input: Values): FakeAnswer => {
  const { code, challengeToken, trustDevice } = input
  const session = readCookie(request, 'snoop_session')
  if (typeof challengeToken === 'string') {
    if (!state.challenges.has(challengeToken)) {
      return refuse(400, 'INVALID_TOKEN', 'This sign-in has expired or is over; sign in again')
    }
    if (!isRight(state, request.url.pathname, code)) return wrongCode
    state.challenges.delete(challengeToken)
    return signedIn(state, request, trustDevice === true)
  }
  if (session === undefined || !state.sessions.has(session)) {
    return refuse(401, 'AUTHENTICATION_REQUIRED', 'Authentication required')
  }
  if (state.twoFactor === undefined || !isRight(state, request.url.pathname, code)) return wrongCode
  state.twoFactor.confirmed = true
  return openSession(state, session)
}

/** Mails a link if there is such an account; says nothing of it. */
const mailLink = (state: FakeState, email: unknown, purpose: string): void => {
  if (email === state.user.email) state.links.set(`${purpose}-token-${state.newName()}`, purpose)
}

/** The endpoints that anybody may call. */
export const answerPublicRequest = (
  state: FakeState,
  request: TransportRequest,
  input: Values,
): FakeAnswer | undefined => {
  switch (request.url.pathname) {
    case '/health':
      return ok({ status: 'alive' })
    case '/api/auth/sign-up/email':
      return ok({ user: { email: input.email, fullName: input.name }, verificationEmailSent: true })
    case '/api/auth/sign-in/email':
      return byPassword(state, request, input)
    case '/api/auth/sign-in/magic-link':
      mailLink(state, input.email, 'magic')
      return ok({ magicLinkSent: true })
    case '/api/auth/magic-link/verify':
      return takeLink(state, input.token, 'magic') ? afterFirstFactor(state, request, true) : invalidLink
    case '/api/auth/two-factor/verify-totp':
    case '/api/auth/two-factor/verify-otp':
    case '/api/auth/two-factor/verify-backup-code':
      return verifySecondFactor(state, request, input)
    case '/api/auth/two-factor/send-otp':
      state.codeMails++
      return ok({ codeSent: true, expiresAt: new Date(state.now() + 600_000).toISOString() })
    case '/api/auth/request-password-reset':
      mailLink(state, input.email, 'reset')
      return ok({ passwordResetEmailSent: true })
    case '/api/auth/reset-password':
      return resetPassword(state, input)
    case '/api/auth/send-verification-email':
      mailLink(state, input.email, 'verify')
      return ok({ verificationEmailSent: true })
    case '/api/auth/verify-email':
      return takeLink(state, input.token, 'verify')
        ? ok({ email: state.user.email, verifiedAt: new Date(state.now()).toISOString() })
        : invalidLink
    default:
      return undefined
  }
}

/** What the server makes of a password that everybody uses. */
export const refuseCommonPassword = (password: unknown): FakeAnswer | undefined =>
  password === 'password'
    ? refuse(400, 'VALIDATION_ERROR', 'Validation failed for fields: newPassword', {
        errors: [{ field: 'newPassword', error: 'Is one of the most used passwords', location: 'body' }],
      })
    : undefined

const resetPassword = (state: FakeState, { token, newPassword }: Values): FakeAnswer => {
  const common = refuseCommonPassword(newPassword)
  if (common) return common
  if (!takeLink(state, token, 'reset')) return invalidLink
  state.user.password = String(newPassword)
  state.sessions.clear()
  return ok({ passwordReset: true })
}
