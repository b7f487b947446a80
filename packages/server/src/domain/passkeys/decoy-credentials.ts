import type { DomainContext } from '../domain-context'
import { keyedHash } from '../keyed-hash'

const HALF_BYTES = 16

/** What may be told of a passkey to whoever types its account's address. */
export interface AllowedCredential {
  /** base64url */
  readonly id: string
  readonly transports: string[]
}

const half = (context: DomainContext, purpose: string, text: string): Buffer =>
  Buffer.from(keyedHash(context, purpose, text), 'base64url').subarray(0, HALF_BYTES)

/** The second half follows from the first, so that a made-up id is known again. */
const secondHalf = (context: DomainContext, first: Buffer): Buffer =>
  half(context, 'passkey decoy', first.toString('base64url'))

/**
 * One or two made-up credentials for an address that has none, always the same, so that the answer does not tell who has
 * an account (WebAuthn Level 3, section 14.6.2).
 * @param email normalised
 */
export const decoyCredentials = (context: DomainContext, email: string): AllowedCredential[] => {
  const count = 1 + ((half(context, 'passkey decoy count', email)[0] ?? 0) & 1)
  return Array.from({ length: count }, (_, index) => {
    const first = half(context, `passkey decoy ${index}`, email)
    const id = Buffer.concat([first, secondHalf(context, first)]).toString('base64url')
    return { id, transports: ['hybrid', 'internal'] }
  })
}

/** Whether an id was made up here. Registering one must fail as with a real one, or trying it would tell them apart. */
export const isDecoyId = (context: DomainContext, id: string): boolean => {
  const bytes = Buffer.from(id, 'base64url')
  const first = bytes.subarray(0, HALF_BYTES)
  return bytes.length === 2 * HALF_BYTES && bytes.subarray(HALF_BYTES).equals(secondHalf(context, first))
}
