import { putSecurityNotice } from '../accounts/put-security-notice'
import type { DomainContext } from '../domain-context'
import type { SessionPrincipal } from '../principals/principal'
import { withActiveUserLocked } from '../with-active-user-locked'
import { createBackupCodes } from './backup-codes'
import { refuseUnlessOn } from './confirmed-two-factor'

/** Makes ten backup codes in place of all older ones. @throws DomainError CONFLICT if there is no second factor */
export const generateBackupCodes = async (
  context: DomainContext,
  { userId }: SessionPrincipal,
): Promise<readonly string[]> => {
  const { mailer, logger } = context
  const codes = await withActiveUserLocked(context, userId, async (stores, user) => {
    await refuseUnlessOn(stores, userId)
    const made = createBackupCodes(context, userId)
    await stores.twoFactors.replaceBackupCodes(userId, made.rows)
    await putSecurityNotice(context, stores, user, { kind: 'backup-codes-made' })
    return made.codes
  })
  mailer.wake()
  logger.info({ event: 'two_factor.backup_codes_made', userId }, 'backup codes made')
  return codes
}
