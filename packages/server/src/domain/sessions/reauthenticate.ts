import type { DomainContext } from '../domain-context'
import { sessionPasswordSubject } from '../guesses/take-guess'
import { passwordHashOf } from '../passwords/password-hash-of'
import { provePassword, wrongPassword } from '../passwords/prove-password'
import type { SessionPrincipal } from '../principals/principal'
import { withActiveUserLocked } from '../with-active-user-locked'
import type { OpenedSession } from './create-session'
import { renewSessionSecret } from './renew-session-secret'

/**
 * Proves by password that it is still the user who sits at a session: it is fresh again, under a new id and secret.
 * @throws DomainError INVALID_CREDENTIALS, also for an account without a password; RATE_LIMIT_ERROR after many failures;
 *   SERVICE_UNAVAILABLE
 */
export const reauthenticate = async (
  context: DomainContext,
  principal: SessionPrincipal,
  password: string,
): Promise<OpenedSession> => {
  const { userId } = principal
  const hash = await provePassword(context, userId, password)
  const opened = await withActiveUserLocked(context, userId, async (stores, user) => {
    // Changed while the hash was worked out.
    if (passwordHashOf(user) !== hash) throw wrongPassword()
    await stores.guessCounters.delete([sessionPasswordSubject(context, userId)])
    return renewSessionSecret(context, stores, principal)
  })
  const fields = { event: 'session.reauthenticated', userId, sessionId: opened.session.id }
  context.logger.info(fields, 'proved again')
  return opened
}
