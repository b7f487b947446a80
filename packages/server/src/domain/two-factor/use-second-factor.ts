import type { SecondFactor } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { TwoFactorRow } from '../../storage/stores/two-factor-store'
import type { DomainContext } from '../domain-context'
import { hashBackupCode } from './backup-codes'
import { hashMailedCode } from './mailed-code'
import { findTotpStep } from './totp'
import { openTotpSecret } from './totp-secret'

/** A code, and what it is said to be. */
export interface CodeProof {
  readonly factor: SecondFactor
  readonly code: string
}

/**
 * Uses a code up. Count a guess before; call with the user locked.
 * @param boundTo id of the challenge or session that a mailed code must have been asked for with; undefined: none was, and
 *   mailed codes are refused
 * @returns false if it is wrong, was used, or is of a kind that the account does not have
 */
export const useSecondFactor = async (
  context: DomainContext,
  { twoFactors }: Stores,
  twoFactor: TwoFactorRow,
  { factor, code }: CodeProof,
  boundTo: string | undefined,
): Promise<boolean> => {
  const { user_id: userId } = twoFactor
  const now = context.clock()
  if (factor === 'backup-code')
    return twoFactors.useBackupCode(userId, hashBackupCode(context, userId, code), now)
  if (factor !== twoFactor.method) return false
  if (factor === 'email') {
    if (boundTo === undefined) return false
    return twoFactors.useCode(userId, hashMailedCode(context, userId, boundTo, code), boundTo, now)
  }
  const secret = openTotpSecret(context, twoFactor)
  const step = secret === undefined ? undefined : findTotpStep(secret, code, now)
  return step !== undefined && twoFactors.useStep(userId, step)
}
