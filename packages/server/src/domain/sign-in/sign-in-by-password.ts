import { normalizeEmail } from '@snoop/sdk/contract'
import type { UserRow } from '../../storage/stores/user-store'
import { findKnownDevice } from '../devices/known-device'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { PASSWORD_POLICY } from '../guesses/decide-guess'
import { devicePasswordSubject, type GuessSubject, passwordSubject, takeGuess } from '../guesses/take-guess'
import { loginEvent } from '../login-history/login-event'
import { passwordHashOf } from '../passwords/password-hash-of'
import { withUserLocked } from '../with-user-locked'
import { completeSignIn, type SignInOutcome } from './complete-sign-in'
import type { Visit } from './visit'

export interface PasswordSignIn {
  readonly email: string
  readonly password: string
  readonly remember: boolean
}

/** An attack from elsewhere must not lock out a device that signed in before: it has a counter of its own. */
const chooseSubject = async (
  context: DomainContext,
  email: string,
  user: UserRow | undefined,
  visit: Visit,
): Promise<GuessSubject> => {
  const known = await findKnownDevice(context, context.storage, user?.id, visit)
  return known ? devicePasswordSubject(context, known.id) : passwordSubject(context, email)
}

const refuse = (context: DomainContext, user: UserRow | undefined, { device }: Visit): DomainError => {
  const { failedSignIns, logger } = context
  if (user) failedSignIns.record(loginEvent(context, user.id, 'password', device, false))
  logger.info(
    { event: 'account.sign_in_failed', userId: user?.id, ipAddress: device.ipAddress },
    'sign-in failed',
  )
  return new DomainError('INVALID_CREDENTIALS')
}

/**
 * Signs in by e-mail address and password. An unknown address gets the same answer as a wrong password, after the same
 * work; both count as a guess.
 * @throws DomainError INVALID_CREDENTIALS, USER_NOT_ACTIVE (only after the right password), RATE_LIMIT_ERROR after many
 *   failures, SERVICE_UNAVAILABLE
 */
export const signInByPassword = async (
  context: DomainContext,
  { email: given, password, remember }: PasswordSignIn,
  visit: Visit,
): Promise<SignInOutcome> => {
  const { storage, passwords, mailer } = context
  const email = normalizeEmail(given)
  const user = await storage.users.findByEmail(email)
  const subject = await chooseSubject(context, email, user, visit)
  await takeGuess(context, subject, PASSWORD_POLICY)
  const hash = passwordHashOf(user)
  const isRight = await passwords.verify(hash, password)
  if (!user || !hash || !isRight) throw refuse(context, user, visit)
  if (user.is_active === 0) throw new DomainError('USER_NOT_ACTIVE')
  const newHash = passwords.isOutdated(hash) ? await passwords.hash(password) : undefined
  const outcome = await withUserLocked(context, user.id, async stores => {
    const current = await stores.users.find(user.id)
    // Changed, disabled or deleted while the hash was worked out.
    if (current?.password_hash !== hash || current.is_active === 0) throw refuse(context, undefined, visit)
    if (newHash !== undefined) await stores.users.update(user.id, { password_hash: newHash })
    await stores.guessCounters.delete([subject])
    return completeSignIn(context, stores, current, { method: 'password', remember }, visit)
  })
  mailer.wake()
  return outcome
}
