import { normalizeEmail } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { UserRow } from '../../storage/stores/user-store'
import { findKnownDevice } from '../devices/known-device'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { PASSWORD_POLICY } from '../guesses/decide-guess'
import { devicePasswordSubject, type GuessSubject, passwordSubject, takeGuess } from '../guesses/take-guess'
import { loginEvent } from '../login-history/login-event'
import { passwordHashOf } from '../passwords/password-hash-of'
import { withUserLocked } from '../with-user-locked'
import type { Visit } from './visit'

/** Who somebody says to be, and what is to prove it. */
export interface PasswordProof {
  /** E-mail address, or a handle: it has no `@` in it. In any spelling. */
  readonly identifier: string
  readonly password: string
}

/** No address and no handle holds a control character, and PostgreSQL cannot even be asked for a NUL. */
const normalize = (identifier: string): string => normalizeEmail(identifier).replace(/\p{Cc}/gu, '')

const findUser = ({ storage: { users } }: DomainContext, name: string): Promise<UserRow | undefined> =>
  name.includes('@') ? users.findByEmail(name) : users.findByHandle(name)

/**
 * All names of an account share a counter. An attack from elsewhere must not lock out a device that signed in before: it
 * has a counter of its own.
 */
const chooseSubject = async (
  context: DomainContext,
  name: string,
  user: UserRow | undefined,
  visit: Visit,
): Promise<GuessSubject> => {
  const known = await findKnownDevice(context, context.storage, user?.id, visit)
  return known ? devicePasswordSubject(context, known.id) : passwordSubject(context, user?.email ?? name)
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
 * Proves a password, and then does what that is the proof for. An unknown name gets the same answer as a wrong password,
 * after the same work; both count as a guess.
 * @param proved with the user locked, in the transaction in which the guesses are forgotten; the mailer is woken after it
 * @throws DomainError INVALID_CREDENTIALS, USER_NOT_ACTIVE (only after the right password), RATE_LIMIT_ERROR after many
 *   failures, SERVICE_UNAVAILABLE
 */
export const provePassword = async <T>(
  context: DomainContext,
  { identifier, password }: PasswordProof,
  visit: Visit,
  proved: (stores: Stores, user: UserRow) => Promise<T>,
): Promise<T> => {
  const { passwords, mailer } = context
  const name = normalize(identifier)
  const user = await findUser(context, name)
  const subject = await chooseSubject(context, name, user, visit)
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
    return proved(stores, current)
  })
  mailer.wake()
  return outcome
}
