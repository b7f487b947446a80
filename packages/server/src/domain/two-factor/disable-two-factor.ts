import { putSecurityNotice } from '../accounts/put-security-notice'
import type { DomainContext } from '../domain-context'
import { recordInEachOrganization } from '../members/record-in-each-organization'
import type { Actor } from '../principals/actor'
import type { SessionPrincipal } from '../principals/principal'
import type { OpenedSession } from '../sessions/create-session'
import { endOtherProofs } from '../sessions/end-other-proofs'
import { renewSessionSecret } from '../sessions/renew-session-secret'
import { withActiveUserLocked } from '../with-active-user-locked'
import { refuseUnlessOn } from './confirmed-two-factor'

/**
 * Turns two-factor authentication off: the password is enough again, and backup codes are gone.
 * @returns the session under a new secret
 * @throws DomainError CONFLICT if it is not on; INVALID_OR_EXPIRED_TOKEN if the session has ended meanwhile
 */
export const disableTwoFactor = async (
  context: DomainContext,
  actor: Actor<SessionPrincipal>,
): Promise<OpenedSession> => {
  const { clock, mailer, logger } = context
  const { principal } = actor
  const { userId, session } = principal
  const opened = await withActiveUserLocked(context, userId, async (stores, user) => {
    await refuseUnlessOn(stores, userId)
    await stores.twoFactors.delete(userId)
    await stores.twoFactors.replaceBackupCodes(userId, [])
    await stores.users.update(userId, { two_factor_enabled: 0, updated_at: clock() })
    await endOtherProofs(context, stores, userId, session.id)
    await putSecurityNotice(context, stores, user, { kind: 'two-factor-disabled' })
    const renewed = await renewSessionSecret(context, stores, principal)
    await recordInEachOrganization(context, stores, actor, userId, 'member.two_factor_disabled')
    return renewed
  })
  mailer.wake()
  logger.info({ event: 'two_factor.disabled', userId }, 'two-factor authentication off')
  return opened
}
