import type { SecondFactor, SignInMethod } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { TwoFactorRow } from '../../storage/stores/two-factor-store'
import type { UserRow } from '../../storage/stores/user-store'
import { findKnownDevice, isTrusted } from '../devices/known-device'
import type { DomainContext } from '../domain-context'
import { findConfirmedTwoFactor } from '../two-factor/confirmed-two-factor'
import { openSession, type SignedIn } from './open-session'
import { createSecondFactorChallenge, type SecondFactorNeeded } from './second-factor-challenge'
import type { Visit } from './visit'

/** What a proved first factor leads to. */
export type SignInOutcome = SignedIn | SecondFactorNeeded

/** The first factor, proved. */
export interface FirstFactor {
  readonly method: Exclude<SignInMethod, 'passkey'>
  readonly remember: boolean
}

/** A code by mail proves nothing more after a link by mail. */
const factorsFor = (twoFactor: TwoFactorRow, method: FirstFactor['method']): SecondFactor[] => {
  const first = twoFactor.method === 'totp' ? 'totp' : 'email'
  return first === 'email' && method === 'magic-link' ? ['backup-code'] : [first, 'backup-code']
}

/**
 * Every sign-in but that by passkey goes on here once its first factor is proved: to a session, or to a second factor.
 * Call with the user locked, and with the user as read under the lock; wake the mailer after the commit.
 */
export const completeSignIn = async (
  context: DomainContext,
  stores: Stores,
  user: UserRow,
  { method, remember }: FirstFactor,
  visit: Visit,
): Promise<SignInOutcome> => {
  const known = await findKnownDevice(context, stores, user.id, visit)
  const twoFactor = await findConfirmedTwoFactor(stores, user.id)
  if (twoFactor && !isTrusted(known, context.clock())) {
    const factors = factorsFor(twoFactor, method)
    return createSecondFactorChallenge(context, stores, user.id, { method, remember, factors })
  }
  return openSession(context, stores, user, { method, remember, trustDevice: false }, visit, known)
}
