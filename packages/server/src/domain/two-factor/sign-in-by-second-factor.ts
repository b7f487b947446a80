import { findKnownDevice } from '../devices/known-device'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { CODE_POLICY } from '../guesses/decide-guess'
import { secondFactorSubject, takeGuess } from '../guesses/take-guess'
import { noteWrongCode } from '../sign-in/note-wrong-code'
import { openSession, type SignedIn } from '../sign-in/open-session'
import { findSecondFactorChallenge, takeSecondFactorChallenge } from '../sign-in/second-factor-challenge'
import type { Visit } from '../sign-in/visit'
import { withActiveUserLocked } from '../with-active-user-locked'
import { findConfirmedTwoFactor } from './confirmed-two-factor'
import { type CodeProof, useSecondFactor } from './use-second-factor'

/** A code for a sign-in whose first factor was proved. */
export interface SecondFactorSignIn extends CodeProof {
  readonly challengeToken: string
  /** Do not ask this device for a second factor for 30 days. */
  readonly trustDevice: boolean
}

/**
 * Ends a sign-in that waits for a second factor. Every code counts as a guess before it is checked, over all factors and
 * sign-ins of the account; a wrong one leaves the sign-in waiting, of right ones at the same time one opens a session.
 * @throws DomainError INVALID_TOKEN, INVALID_CODE, USER_NOT_ACTIVE, RATE_LIMIT_ERROR after five failures
 */
export const signInBySecondFactor = async (
  context: DomainContext,
  { challengeToken, trustDevice, factor, code }: SecondFactorSignIn,
  visit: Visit,
): Promise<SignedIn> => {
  const pending = await findSecondFactorChallenge(context, challengeToken)
  const { userId, challengeId, method, remember } = pending
  if (!pending.factors.includes(factor)) throw new DomainError('INVALID_CODE')
  const subject = secondFactorSubject(context, userId)
  await takeGuess(context, subject, CODE_POLICY)
  const signedIn = await withActiveUserLocked(context, userId, async (stores, user) => {
    const twoFactor = await findConfirmedTwoFactor(stores, userId)
    if (!twoFactor || !(await useSecondFactor(context, stores, twoFactor, { factor, code }, challengeId))) {
      noteWrongCode(context, userId, method, visit)
      throw new DomainError('INVALID_CODE')
    }
    await takeSecondFactorChallenge(context, stores, challengeToken)
    await stores.guessCounters.delete([subject])
    const known = await findKnownDevice(context, stores, userId, visit)
    return openSession(context, stores, user, { method, remember, trustDevice }, visit, known)
  })
  context.mailer.wake()
  return signedIn
}
