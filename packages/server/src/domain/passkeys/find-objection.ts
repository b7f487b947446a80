import type { PasskeyRow } from '../../storage/stores/passkey-store'
import type { Signer } from './passkey-challenge'
import { userHandleOf } from './user-handle'
import type { SignedFacts } from './verify-assertion'

/** Why a passkey must not sign in though its signature is right. */
export type Objection =
  | 'other-account'
  | 'wrong-user-handle'
  | 'backup-eligibility-changed'
  | 'signature-count'

/** Of a copied passkey one falls behind; passkeys that do not count always say 0. */
const hasCountedOn = (stored: number, signed: number): boolean =>
  signed > stored || (signed === 0 && stored === 0)

/**
 * WebAuthn Level 3, section 7.2, steps 6, 19 and 22. Pure.
 * @param userHandle base64url; undefined if the browser was told which account, and the passkey left it out
 */
export const findObjection = (
  passkey: Pick<PasskeyRow, 'user_id' | 'device_type' | 'signature_count'>,
  signer: Signer,
  userHandle: string | undefined,
  facts: SignedFacts,
): Objection | undefined => {
  if (signer.kind === 'account' && signer.userId !== passkey.user_id) return 'other-account'
  const mayBeSilent = signer.kind === 'account' && userHandle === undefined
  if (!mayBeSilent && userHandle !== userHandleOf(passkey.user_id)) return 'wrong-user-handle'
  if (facts.device_type !== passkey.device_type) return 'backup-eligibility-changed'
  if (!hasCountedOn(passkey.signature_count, facts.signature_count)) return 'signature-count'
  return undefined
}
