import type { DomainContext } from '../domain-context'
import { findConfirmedTwoFactor } from './confirmed-two-factor'
import type { TwoFactorMethod } from './enable-two-factor'

/** How an account is protected by a second factor; one that was never confirmed is none. */
export interface TwoFactorStatus {
  readonly method: TwoFactorMethod | null
  /** Milliseconds since 1970. */
  readonly enabledAt: number | null
  readonly backupCodesLeft: number
}

export const getTwoFactorStatus = async (
  { storage }: DomainContext,
  userId: string,
): Promise<TwoFactorStatus> => {
  const twoFactor = await findConfirmedTwoFactor(storage, userId)
  if (!twoFactor) return { method: null, enabledAt: null, backupCodesLeft: 0 }
  return {
    method: twoFactor.method as TwoFactorMethod,
    enabledAt: twoFactor.confirmed_at,
    backupCodesLeft: await storage.twoFactors.countBackupCodes(userId),
  }
}
