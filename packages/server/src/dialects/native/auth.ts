import type { Contract } from '@snoop/sdk/contract'
import { signIn } from '../../domain/accounts/sign-in'
import { signUp } from '../../domain/accounts/sign-up'
import { getUserProfile } from '../../domain/accounts/user-profile'
import { resendVerificationMail, verifyEmail } from '../../domain/accounts/verification-mail'
import type { DomainContext } from '../../domain/domain-context'
import { listSessions } from '../../domain/sessions/list-sessions'
import { revokeSession, revokeSessions } from '../../domain/sessions/revoke-session'
import { type Handlers, Redirect } from '../../http/request-context'
import { presentSession, presentUser } from './present-account'
import { toTimestamp } from './timestamp'

export const authHandlers = (domain: DomainContext): Handlers<Contract>['auth'] => ({
  signUpEmail: async ({ body }) => {
    const { email, name: fullName, password } = body
    await signUp(domain, { email, password, fullName, callbackUrl: body.callbackURL })
    return { user: { email, fullName }, verificationEmailSent: true }
  },

  signInEmail: async ({ body }, request) => {
    const { email, password, rememberMe: remember } = body
    const opened = await signIn(domain, { email, password, remember }, request.device)
    request.setSession(opened)
    const { id, user_id, expires_at } = opened.session
    const user = presentUser(await getUserProfile(domain, user_id))
    return { user, session: { id, expiresAt: toTimestamp(expires_at) } }
  },

  signOut: async (_input, request) => {
    const { principal } = request
    await revokeSession(domain, principal, principal.session.id)
    request.clearSession()
    return { signedOut: true }
  },

  getSession: async (_input, { principal: { session, userId } }) => ({
    session: presentSession(session, session.id),
    user: presentUser(await getUserProfile(domain, userId)),
  }),

  listSessions: async (_input, { principal: { userId, session } }) => {
    const sessions = await listSessions(domain, userId)
    return sessions.map(row => presentSession(row, session.id))
  },

  revokeSession: async ({ body: { id } }, request) => {
    const { principal } = request
    const revokedCount = await revokeSession(domain, principal, id)
    if (id === principal.session.id) request.clearSession()
    return { revokedCount }
  },

  revokeOtherSessions: async (_input, { principal }) => ({
    revokedCount: await revokeSessions(domain, principal, { keepCurrent: true }),
  }),

  revokeSessions: async (_input, request) => {
    const revokedCount = await revokeSessions(domain, request.principal, { keepCurrent: false })
    request.clearSession()
    return { revokedCount }
  },

  sendVerificationEmail: async ({ body: { email, callbackURL } }) => {
    await resendVerificationMail(domain, { email, callbackUrl: callbackURL })
    return { verificationEmailSent: true }
  },

  verifyEmail: async ({ body: { token } }) => {
    const { email, verifiedAt } = await verifyEmail(domain, token)
    return { email, verifiedAt: toTimestamp(verifiedAt) }
  },

  openVerificationLink: async ({ query: { token } }) => {
    const { email, verifiedAt, callbackUrl } = await verifyEmail(domain, token)
    return callbackUrl === null ? { email, verifiedAt: toTimestamp(verifiedAt) } : new Redirect(callbackUrl)
  },
})
