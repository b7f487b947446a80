import type { SignedIn, SignInResult } from '@snoop/sdk/contract'
import { getUserProfile } from '../../domain/accounts/user-profile'
import type { DomainContext } from '../../domain/domain-context'
import type { SessionRow } from '../../domain/records'
import type { OpenedSession } from '../../domain/sessions/create-session'
import type { SignInOutcome } from '../../domain/sign-in/complete-sign-in'
import type { SignedIn as SignedInOutcome } from '../../domain/sign-in/open-session'
import type { RequestContext } from '../../http/request-context'
import { toTimestamp } from '../../http/timestamp'
import { presentUser } from './present-account'

export const presentOpenedSession = ({ id, expires_at }: SessionRow) => ({
  id,
  expiresAt: toTimestamp(expires_at),
})

/** Puts a session that goes on under a new secret into the cookie. */
export const answerSession = async (
  domain: DomainContext,
  request: RequestContext,
  opened: OpenedSession,
): Promise<SignedIn> => {
  request.setSession(opened)
  const user = presentUser(await getUserProfile(domain, opened.session.user_id))
  return { user, session: presentOpenedSession(opened.session) }
}

/** Puts session and device into cookies. */
export const answerSignedIn = async (
  domain: DomainContext,
  request: RequestContext,
  { opened, deviceToken }: SignedInOutcome,
): Promise<SignedIn> => {
  const signedIn = await answerSession(domain, request, opened)
  request.setDevice(deviceToken)
  return signedIn
}

/** A session in the cookies, or what is still to be proved. */
export const answerSignIn = async (
  domain: DomainContext,
  request: RequestContext,
  outcome: SignInOutcome,
): Promise<SignInResult> => {
  if (outcome.outcome === 'signed-in') return answerSignedIn(domain, request, outcome)
  const { challengeToken, expiresAt, factors } = outcome
  return {
    twoFactorRequired: true,
    methods: [...factors],
    challengeToken,
    expiresAt: toTimestamp(expiresAt),
  }
}
