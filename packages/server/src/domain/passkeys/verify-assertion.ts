import { generateKeyPairSync } from 'node:crypto'
import type { PasskeyRow } from '../../storage/stores/passkey-store'
import type { DomainContext } from '../domain-context'
import { judgeAnswer, type Verdict } from './judge-answer'
import { passkeySettings } from './passkey-settings'

/** `AuthenticationResponseJSON` (WebAuthn Level 3, section 5.1), as far as it is read. */
export interface AssertionAnswer {
  readonly id: string
  readonly rawId: string
  readonly response: {
    /** base64url, as the others are. */
    readonly clientDataJSON: string
    readonly authenticatorData: string
    readonly signature: string
    readonly userHandle?: string | null | undefined
  }
}

/** What a valid signature says. */
export type SignedFacts = Pick<PasskeyRow, 'signature_count' | 'device_type' | 'backed_up'>

const bytes = (text: string, encoding: 'hex' | 'base64url'): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(text, encoding))

/** An ES256 key in COSE (RFC 9053, section 7.1.1) whose private half nobody has. */
const makeLostKey = (): string => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const parts = [bytes('a5010203262001215820', 'hex'), bytes(x, 'base64url'), bytes('225820', 'hex')]
  return Buffer.concat([...parts, bytes(y, 'base64url')]).toString('base64url')
}
let lostKey: string | undefined

/**
 * WebAuthn Level 3, section 7.2: challenge, origin, host, user verification, signature. The count of signatures is left to
 * the caller: only with a valid signature does it mean anything.
 * @param challenge base64url; taken, so that it is answered once
 * @param passkey undefined for an unknown one: refused, after the same work
 */
export const verifyAssertion = async (
  { settings }: DomainContext,
  { id, rawId, response }: AssertionAnswer,
  challenge: string,
  passkey: PasskeyRow | undefined,
): Promise<Verdict<SignedFacts>> => {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  const { rpId, origins } = passkeySettings(settings)
  lostKey ??= makeLostKey()
  const publicKey = bytes(passkey?.public_key ?? lostKey, 'base64url')
  return judgeAnswer(async () => {
    const { clientDataJSON, authenticatorData, signature } = response
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON, authenticatorData, signature },
      },
      expectedChallenge: challenge,
      expectedOrigin: [...origins],
      expectedRPID: rpId,
      credential: { id, publicKey, counter: 0 },
      requireUserVerification: true,
    })
    if (!verified) throw new Error('Wrong signature')
    return {
      signature_count: authenticationInfo.newCounter,
      device_type: authenticationInfo.credentialDeviceType,
      backed_up: authenticationInfo.credentialBackedUp ? 1 : 0,
    }
  })
}
