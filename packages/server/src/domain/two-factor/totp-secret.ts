import { openText, sealText } from '../../sealing/seal-text'
import type { TwoFactorRow } from '../../storage/stores/two-factor-store'
import type { DomainContext } from '../domain-context'

const sealFor = ({ secrets }: DomainContext, userId: string) => ({
  key: secrets.sealingKey,
  context: `totp ${userId}`,
})

/** Seals a TOTP secret for one user: put into another's row it does not open. */
export const sealTotpSecret = (context: DomainContext, userId: string, secret: string): string =>
  sealText(secret, sealFor(context, userId))

/** @returns the secret in base32, or undefined if there is none, as with codes by mail */
export const openTotpSecret = (
  context: DomainContext,
  { user_id, sealed_secret }: TwoFactorRow,
): string | undefined =>
  sealed_secret === null ? undefined : openText(sealed_secret, sealFor(context, user_id))
