import type { UserRow } from '../../storage/stores/user-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { SessionPrincipal } from '../principals/principal'
import { withActiveUserLocked } from '../with-active-user-locked'
import { createBackupCodes } from './backup-codes'
import { putMailedCode } from './mailed-code'
import { createTotpSecret, totpUri } from './totp'
import { sealTotpSecret } from './totp-secret'

export type TwoFactorMethod = 'totp' | 'email'

/** What is shown once, when the second factor is set up. */
export interface Enrolment {
  readonly method: TwoFactorMethod
  /** Null for codes by mail. */
  readonly totpUri: string | null
  readonly backupCodes: readonly string[]
}

/** Whoever signed up with an address of somebody else must not be able to shut its owner out for good. */
const refuseUnverified = (user: UserRow): void => {
  if (user.email_verified_at !== null) return
  throw new DomainError('EMAIL_NOT_VERIFIED', {
    message: 'Verify your e-mail address before you turn on two-factor authentication',
  })
}

/**
 * Sets up a second factor with its backup codes, in place of one that was never confirmed. Neither counts before
 * `proveSecondFactor` has seen a first code. For codes by mail that code is on its way, good for this session alone.
 * @throws DomainError CONFLICT if one is on already, EMAIL_NOT_VERIFIED, RATE_LIMIT_ERROR within 30 seconds of the last
 *   mailed code
 */
export const enableTwoFactor = async (
  context: DomainContext,
  { userId, session }: SessionPrincipal,
  method: TwoFactorMethod,
): Promise<Enrolment> => {
  const { clock, randomBytes, settings, mailer, logger } = context
  const enrolment = await withActiveUserLocked(context, userId, async (stores, user) => {
    const old = await stores.twoFactors.find(userId)
    if (old && old.confirmed_at !== null) {
      throw new DomainError('CONFLICT', {
        message: 'Two-factor authentication is on already; turn it off first',
      })
    }
    refuseUnverified(user)
    const secret = method === 'totp' ? createTotpSecret(randomBytes) : undefined
    const row = {
      user_id: userId,
      method,
      sealed_secret: secret === undefined ? null : sealTotpSecret(context, userId, secret),
      confirmed_at: null,
      last_used_step: 0,
      code_hash: null,
      code_bound_to: null,
      // Kept, so that setting it up again and again does not send mail after mail.
      code_expires_at: old?.code_expires_at ?? null,
      created_at: clock(),
    }
    const { codes, rows } = createBackupCodes(context, userId)
    await stores.twoFactors.replace(row)
    await stores.twoFactors.replaceBackupCodes(userId, rows)
    if (method === 'email') await putMailedCode(context, stores, user, row, session.id)
    const uri = secret === undefined ? null : totpUri(secret, { origin: settings.origin, email: user.email })
    return { method, totpUri: uri, backupCodes: codes }
  })
  mailer.wake()
  logger.info({ event: 'two_factor.set_up', userId, method }, 'second factor set up, not yet confirmed')
  return enrolment
}
