import { putSecurityNotice } from '../accounts/put-security-notice'
import type { DomainContext } from '../domain-context'
import { invalidField } from '../domain-error'
import type { SessionPrincipal } from '../principals/principal'
import type { OpenedSession } from '../sessions/create-session'
import { renewSessionSecret } from '../sessions/renew-session-secret'
import { withActiveUserLocked } from '../with-active-user-locked'
import { passwordHashOf } from './password-hash-of'
import { provePassword, wrongPassword } from './prove-password'
import { hashNewPassword, setPassword } from './set-password'

export interface PasswordChange {
  /** Not asked for where the account has none. */
  readonly currentPassword?: string | undefined
  readonly newPassword: string
}

export interface ChangedPassword {
  /** The session that made the change, under its new secret. */
  readonly opened: OpenedSession
  /** How many others ended. */
  readonly revokedCount: number
}

/** @returns the hash of the password that the account has now; undefined if it has none */
const proveCurrent = async (
  context: DomainContext,
  userId: string,
  { currentPassword, newPassword }: PasswordChange,
): Promise<string | undefined> => {
  const user = await context.storage.users.find(userId)
  if (passwordHashOf(user) === undefined) return undefined
  if (currentPassword === undefined) throw invalidField('currentPassword', 'Required')
  const hash = await provePassword(context, userId, currentPassword)
  if (newPassword === currentPassword) {
    throw invalidField('newPassword', 'Must be another one than the current password')
  }
  return hash
}

/**
 * Gives the account of a session another password. Every other session ends, and this one goes on under a new id and
 * secret; links and challenges that wait are dead.
 * @throws DomainError VALIDATION_ERROR for a missing current, a common or the same password; INVALID_CREDENTIALS for a wrong
 *   current one; RATE_LIMIT_ERROR after many of those; SERVICE_UNAVAILABLE
 */
export const changePassword = async (
  context: DomainContext,
  principal: SessionPrincipal,
  change: PasswordChange,
): Promise<ChangedPassword> => {
  const { mailer, logger } = context
  const { userId } = principal
  const currentHash = await proveCurrent(context, userId, change)
  const newHash = await hashNewPassword(context, change.newPassword)
  const changed = await withActiveUserLocked(context, userId, async (stores, user) => {
    // Another change came first while the hash was worked out.
    if (passwordHashOf(user) !== currentHash) throw wrongPassword()
    const opened = await renewSessionSecret(context, stores, principal)
    const revokedCount = await setPassword(context, stores, user, newHash, opened.session.id)
    await putSecurityNotice(context, stores, user, { kind: 'password-changed' })
    return { opened, revokedCount }
  })
  mailer.wake()
  logger.info({ event: 'account.password_changed', userId }, 'password changed')
  return changed
}
