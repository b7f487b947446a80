import type { PasskeyRow } from '../../storage/stores/passkey-store'
import type { DomainContext } from '../domain-context'
import { judgeAnswer, type Verdict } from './judge-answer'
import { passkeySettings } from './passkey-settings'

/**
 * EdDSA, ES256 and RS256 (RFC 9053). The library would add what this version of Node.js can do besides; a passkey must
 * work on every version.
 */
export const ALGORITHMS = [-8, -7, -257]

/** WebAuthn Level 3, section 4, "credential ID". */
const ID_BYTES = { min: 16, max: 1023 }

/** `RegistrationResponseJSON` (WebAuthn Level 3, section 5.1), as far as it is read. */
export interface RegistrationAnswer {
  readonly id: string
  readonly rawId: string
  readonly response: {
    /** base64url, as the others are. */
    readonly clientDataJSON: string
    readonly attestationObject: string
    readonly transports?: readonly string[] | undefined
  }
}

/** What a registration brought. */
export type NewCredential = Pick<
  PasskeyRow,
  'credential_id' | 'public_key' | 'signature_count' | 'transports' | 'device_type' | 'backed_up'
>

type Helpers = typeof import('@simplewebauthn/server/helpers')
type CborValue = Parameters<Helpers['isoCBOR']['encode']>[0]

/**
 * An attestation is not asked for, so nothing that it says counts: it goes away before its certificates, which anybody can
 * write, are read.
 */
const dropAttestation = (
  { decodeAttestationObject, isoBase64URL, isoCBOR }: Helpers,
  attestationObject: string,
): string => {
  const authData = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject)).get('authData')
  const none = isoCBOR.encode(
    new Map<string, CborValue>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ]),
  )
  return isoBase64URL.fromBuffer(none)
}

/**
 * WebAuthn Level 3, section 7.1: challenge, origin, host, user verification, algorithm.
 * @param challenge base64url; taken, so that it is answered once
 */
export const verifyRegistration = async (
  { settings }: DomainContext,
  { id, rawId, response }: RegistrationAnswer,
  challenge: string,
): Promise<Verdict<NewCredential>> => {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  const helpers = await import('@simplewebauthn/server/helpers')
  const { rpId, origins } = passkeySettings(settings)
  return judgeAnswer(async () => {
    const { clientDataJSON } = response
    const attestationObject = dropAttestation(helpers, response.attestationObject)
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id,
        rawId,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON, attestationObject },
      },
      expectedChallenge: challenge,
      expectedOrigin: [...origins],
      expectedRPID: rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    })
    if (!verified) throw new Error('Not verified')
    const { credential, credentialDeviceType, credentialBackedUp } = registrationInfo
    const idBytes = Buffer.from(credential.id, 'base64url').length
    if (idBytes < ID_BYTES.min || idBytes > ID_BYTES.max) throw new Error('Credential id of a wrong length')
    return {
      credential_id: credential.id,
      public_key: Buffer.from(credential.publicKey).toString('base64url'),
      signature_count: credential.counter,
      transports: JSON.stringify(response.transports ?? []),
      device_type: credentialDeviceType,
      backed_up: credentialBackedUp ? 1 : 0,
    }
  })
}
