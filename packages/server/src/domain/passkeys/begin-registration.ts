import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server'
import type { Stores } from '../../storage/storage'
import type { PasskeyRow } from '../../storage/stores/passkey-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { SessionPrincipal } from '../principals/principal'
import { CEREMONY_MS, createRegistrationChallenge } from './passkey-challenge'
import { passkeySettings } from './passkey-settings'
import { userHandleOf } from './user-handle'
import { ALGORITHMS } from './verify-registration'

const MAX_PASSKEYS = 20

/** @throws DomainError CONFLICT */
export const assertRoomForPasskey = async (stores: Stores, userId: string): Promise<void> => {
  if ((await stores.passkeys.count(userId)) < MAX_PASSKEYS) return
  throw new DomainError('CONFLICT', {
    message: `An account may have ${MAX_PASSKEYS} passkeys; remove one first`,
  })
}

/** How a browser finds a passkey again (WebAuthn Level 3, section 5.8.3). */
export const describeCredential = ({ credential_id, transports }: PasskeyRow) => ({
  id: credential_id,
  transports: JSON.parse(transports) as string[],
})

/**
 * What the browser needs to make a passkey for the caller; good for 5 minutes, once, with this session.
 * @throws DomainError CONFLICT if the account has as many as it may; INVALID_OR_EXPIRED_TOKEN if it is gone
 */
export const beginRegistration = async (
  context: DomainContext,
  principal: SessionPrincipal,
): Promise<PublicKeyCredentialCreationOptionsJSON> => {
  const { storage, settings } = context
  const { userId } = principal
  const user = await storage.users.find(userId)
  if (!user) throw new DomainError('INVALID_OR_EXPIRED_TOKEN')
  await assertRoomForPasskey(storage, userId)
  const passkeys = await storage.passkeys.list(userId)
  const { rpId } = passkeySettings(settings)
  const { generateRegistrationOptions } = await import('@simplewebauthn/server')
  return generateRegistrationOptions({
    rpName: rpId,
    rpID: rpId,
    userID: Uint8Array.from(Buffer.from(userHandleOf(userId), 'base64url')),
    userName: user.email,
    userDisplayName: user.full_name,
    challenge: await createRegistrationChallenge(context, principal),
    timeout: CEREMONY_MS,
    attestationType: 'none',
    excludeCredentials: passkeys.map(describeCredential),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  })
}
