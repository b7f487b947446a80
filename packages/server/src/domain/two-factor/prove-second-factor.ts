import type { Stores } from '../../storage/storage'
import type { UserRow } from '../../storage/stores/user-store'
import { putSecurityNotice } from '../accounts/put-security-notice'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { CODE_POLICY } from '../guesses/decide-guess'
import { secondFactorSubject, takeGuess } from '../guesses/take-guess'
import { recordInEachOrganization } from '../members/record-in-each-organization'
import type { OpenedSession } from '../sessions/create-session'
import { endOtherProofs } from '../sessions/end-other-proofs'
import { renewSessionSecret } from '../sessions/renew-session-secret'
import type { Visit } from '../sign-in/visit'
import { withActiveUserLocked } from '../with-active-user-locked'
import type { TwoFactorMethod } from './enable-two-factor'
import { requireSession } from './require-session'
import { type CodeProof, useSecondFactor } from './use-second-factor'

const turnOn = async (
  context: DomainContext,
  stores: Stores,
  user: UserRow,
  method: TwoFactorMethod,
  sessionId: string,
): Promise<void> => {
  const now = context.clock()
  await stores.twoFactors.update(user.id, { confirmed_at: now })
  await stores.users.update(user.id, { two_factor_enabled: 1, updated_at: now })
  await endOtherProofs(context, stores, user.id, sessionId)
  await putSecurityNotice(context, stores, user, { kind: 'two-factor-enabled', method })
}

/**
 * Takes a code from somebody who is signed in: the first one turns two-factor authentication on, a later one of the
 * authenticator app makes the session fresh. A code by mail does not: whoever has the session may have the mailbox too.
 * @returns the session under a new secret
 * @throws DomainError AUTHENTICATION_REQUIRED, INVALID_CODE, USER_NOT_ACTIVE, RATE_LIMIT_ERROR after five failures,
 *   INVALID_OR_EXPIRED_TOKEN if the session has ended meanwhile
 */
export const proveSecondFactor = async (
  context: DomainContext,
  { factor, code }: CodeProof & { readonly factor: TwoFactorMethod },
  visit: Visit,
): Promise<OpenedSession> => {
  const principal = requireSession(visit)
  const { userId, session } = principal
  const subject = secondFactorSubject(context, userId)
  await takeGuess(context, subject, CODE_POLICY)
  const { opened, isFirst } = await withActiveUserLocked(context, userId, async (stores, user) => {
    const twoFactor = await stores.twoFactors.find(userId)
    const isFirst = twoFactor?.confirmed_at === null
    const isRight =
      twoFactor !== undefined &&
      (isFirst || factor === 'totp') &&
      (await useSecondFactor(context, stores, twoFactor, { factor, code }, session.id))
    if (!isRight) throw new DomainError('INVALID_CODE')
    if (isFirst) await turnOn(context, stores, user, factor, session.id)
    await stores.guessCounters.delete([subject])
    const opened = await renewSessionSecret(context, stores, principal)
    if (isFirst) {
      const actor = { principal, device: visit.device, requestId: visit.requestId, claim: undefined }
      await recordInEachOrganization(context, stores, actor, userId, 'member.two_factor_enabled')
    }
    return { opened, isFirst }
  })
  context.mailer.wake()
  const event = isFirst ? 'two_factor.enabled' : 'session.proved_again'
  context.logger.info({ event, userId, factor }, 'second factor proved')
  return opened
}
