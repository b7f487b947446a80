import { normalizeEmail } from '@snoop/sdk/contract'
import { putSecurityNotice } from '../accounts/put-security-notice'
import type { AuditContext } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { secondFactorSubject } from '../guesses/take-guess'
import { recordInEachOrganization } from '../members/record-in-each-organization'
import { endOtherProofs } from '../sessions/end-other-proofs'
import { withUserLocked } from '../with-user-locked'

/** What it takes: an operator's program has no more. */
export type ResetTwoFactorContext = Pick<DomainContext, 'storage' | 'mailer' | 'logger' | 'secrets'> &
  AuditContext & { readonly settings: Pick<DomainContext['settings'], 'origin'> }

/** `unchanged`: there was no second factor. */
export type ResetTwoFactorOutcome = 'changed' | 'unchanged' | 'unknown'

/**
 * Turns off the second factor of an account whose owner has lost it, by the operator's hand: backup codes and the count of
 * failures go too, every session ends, and the owner is told by mail. Whoever knows the password gets in afterwards, so
 * the operator must know who asked.
 * @param email of the account, in any spelling
 */
export const resetTwoFactor = async (
  context: ResetTwoFactorContext,
  email: string,
): Promise<ResetTwoFactorOutcome> => {
  const { storage, clock, mailer, logger } = context
  const found = await storage.users.findByEmail(normalizeEmail(email))
  if (!found) return 'unknown'
  const userId = found.id
  const outcome = await withUserLocked(context, userId, async (stores): Promise<ResetTwoFactorOutcome> => {
    const user = await stores.users.find(userId)
    if (!user) return 'unknown'
    await stores.guessCounters.delete([secondFactorSubject(context, userId)])
    if (!(await stores.twoFactors.find(userId))) return 'unchanged'
    await stores.twoFactors.delete(userId)
    await stores.twoFactors.replaceBackupCodes(userId, [])
    await stores.users.update(userId, { two_factor_enabled: 0, updated_at: clock() })
    await endOtherProofs(context, stores, userId, undefined)
    await putSecurityNotice(context, stores, user, { kind: 'two-factor-disabled' })
    await recordInEachOrganization(context, stores, undefined, userId, 'member.two_factor_disabled')
    return 'changed'
  })
  mailer.wake()
  logger.info({ event: 'two_factor.reset', userId, outcome }, 'second factor reset by the operator')
  return outcome
}
