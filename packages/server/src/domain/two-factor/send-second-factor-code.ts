import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { findSecondFactorChallenge } from '../sign-in/second-factor-challenge'
import type { Visit } from '../sign-in/visit'
import { withActiveUserLocked } from '../with-active-user-locked'
import { putMailedCode } from './mailed-code'
import { requireSession } from './require-session'

/** For what a code is asked: for a sign-in that waits for it, or to turn codes by mail on. */
const findPurpose = async (context: DomainContext, challengeToken: string | undefined, visit: Visit) => {
  if (challengeToken === undefined) {
    const { userId, session } = requireSession(visit)
    return { userId, boundTo: session.id, isSignIn: false }
  }
  const { userId, challengeId, factors } = await findSecondFactorChallenge(context, challengeToken)
  if (!factors.includes('email'))
    throw new DomainError('INVALID_TOKEN', { message: 'This sign-in takes no code by mail' })
  return { userId, boundTo: challengeId, isSignIn: true }
}

/**
 * Mails a code for the sign-in of `challengeToken`, or, without one, for the session that sets up codes by mail.
 * @returns until when it counts
 * @throws DomainError INVALID_TOKEN, AUTHENTICATION_REQUIRED, USER_NOT_ACTIVE, CONFLICT if the account has no codes by
 *   mail, or a session asks though they are on; RATE_LIMIT_ERROR within 30 seconds of the last one
 */
export const sendSecondFactorCode = async (
  context: DomainContext,
  challengeToken: string | undefined,
  visit: Visit,
): Promise<number> => {
  const { userId, boundTo, isSignIn } = await findPurpose(context, challengeToken, visit)
  const expiresAt = await withActiveUserLocked(context, userId, async (stores, user) => {
    const twoFactor = await stores.twoFactors.find(userId)
    if (twoFactor?.method !== 'email')
      throw new DomainError('CONFLICT', { message: 'This account has no codes by mail' })
    const isOn = twoFactor.confirmed_at !== null
    if (isOn && !isSignIn) throw new DomainError('CONFLICT', { message: 'Codes by mail are on already' })
    return putMailedCode(context, stores, user, twoFactor, boundTo)
  })
  context.mailer.wake()
  return expiresAt
}
