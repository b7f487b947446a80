import type { Stores } from '../../storage/storage'
import type { TwoFactorRow } from '../../storage/stores/two-factor-store'
import { DomainError } from '../domain-error'

/** A second factor that counts. */
export type ConfirmedTwoFactor = TwoFactorRow & { readonly confirmed_at: number }

/** @returns undefined if there is none, or one whose first code was never seen */
export const findConfirmedTwoFactor = async (
  { twoFactors }: Pick<Stores, 'twoFactors'>,
  userId: string,
): Promise<ConfirmedTwoFactor | undefined> => {
  const row = await twoFactors.find(userId)
  return row && row.confirmed_at !== null ? { ...row, confirmed_at: row.confirmed_at } : undefined
}

/** @throws DomainError CONFLICT */
export const refuseUnlessOn = async (stores: Pick<Stores, 'twoFactors'>, userId: string): Promise<void> => {
  if (!(await findConfirmedTwoFactor(stores, userId)))
    throw new DomainError('CONFLICT', { message: 'Two-factor authentication is not on' })
}
