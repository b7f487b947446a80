import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

type CborValue = number | string | Uint8Array | ReadonlyMap<number | string, CborValue>

/** What a browser is given to make a passkey, as far as this one looks at it. */
export interface CreationOptions {
  readonly challenge: string
  readonly rp: { readonly id: string }
  readonly user: { readonly id: string }
}

/** What a browser is given to sign with a passkey, as far as this one looks at it. */
export interface RequestOptions {
  readonly challenge: string
  readonly rpId: string
}

/** What an attacker would say otherwise. */
export interface Lies {
  readonly origin?: string
  readonly rpId?: string
  readonly type?: string
  readonly challenge?: string
  readonly crossOrigin?: boolean
  readonly topOrigin?: string
  readonly userVerified?: boolean
  readonly userPresent?: boolean
  /** base64url */
  readonly credentialId?: string
  /** base64url; null: left out */
  readonly userHandle?: string | null
  /** The count of signatures; else one more each time. */
  readonly count?: number
  /** May be synchronised by its provider. */
  readonly isBackedUp?: boolean
  readonly algorithm?: number
  readonly attestation?: { readonly fmt: string; readonly attStmt: CborValue }
  /** Signs with this key. */
  readonly key?: KeyObject
}

/** A passkey in this process, of ES256, that does what a browser and its authenticator do (WebAuthn Level 3, section 6.3). */
export interface SoftwareAuthenticator {
  /** base64url */
  readonly credentialId: string
  /** Makes the passkey. @returns `RegistrationResponseJSON` */
  create(options: CreationOptions, lies?: Lies): ReturnType<typeof registrationJson>
  /** Signs with it. @returns `AuthenticationResponseJSON` */
  get(options: RequestOptions, lies?: Lies): ReturnType<typeof assertionJson>
}

const head = (major: number, n: number): Buffer => {
  if (n < 24) return Buffer.from([(major << 5) | n])
  return n < 256 ? Buffer.from([(major << 5) | 24, n]) : Buffer.from([(major << 5) | 25, n >> 8, n & 255])
}

/** RFC 8949, as far as a passkey needs it. */
const encodeCbor = (value: CborValue): Buffer => {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  const entries = [...value].flatMap(([key, entry]) => [encodeCbor(key), encodeCbor(entry)])
  return Buffer.concat([head(5, value.size), ...entries])
}

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest()
const encode = (data: Buffer): string => data.toString('base64url')
const decode = (text: string): Buffer => Buffer.from(text, 'base64url')

const clientData = (type: string, challenge: string, origin: string, lies: Lies): Buffer => {
  const { crossOrigin = false, topOrigin } = lies
  const said = {
    type: lies.type ?? type,
    challenge: lies.challenge ?? challenge,
    origin: lies.origin ?? origin,
  }
  return Buffer.from(JSON.stringify({ ...said, crossOrigin, ...(topOrigin !== undefined && { topOrigin }) }))
}

const FLAGS = { userPresent: 1, userVerified: 4, backupEligible: 8, backedUp: 16, attestedData: 64 }

const authenticatorData = (rpId: string, count: number, lies: Lies, attestedData?: Buffer): Buffer => {
  const { userPresent = true, userVerified = true, isBackedUp = false } = lies
  const flags =
    (userPresent ? FLAGS.userPresent : 0) |
    (userVerified ? FLAGS.userVerified : 0) |
    (isBackedUp ? FLAGS.backupEligible | FLAGS.backedUp : 0) |
    (attestedData ? FLAGS.attestedData : 0)
  const counter = Buffer.alloc(4)
  counter.writeUInt32BE(lies.count ?? count)
  const parts = [sha256(lies.rpId ?? rpId), Buffer.from([flags]), counter, attestedData ?? Buffer.alloc(0)]
  return Buffer.concat(parts)
}

const registrationJson = (id: string, clientDataJSON: Buffer, attestationObject: Buffer) => ({
  id,
  rawId: id,
  type: 'public-key' as const,
  clientExtensionResults: {},
  response: {
    clientDataJSON: encode(clientDataJSON),
    attestationObject: encode(attestationObject),
    transports: ['internal'],
  },
})

const assertionJson = (
  id: string,
  parts: Record<'clientDataJSON' | 'authenticatorData' | 'signature', Buffer>,
) => ({
  id,
  rawId: id,
  type: 'public-key' as const,
  clientExtensionResults: {},
  response: {
    clientDataJSON: encode(parts.clientDataJSON),
    authenticatorData: encode(parts.authenticatorData),
    signature: encode(parts.signature),
    userHandle: undefined as string | undefined,
  },
})

/** An authenticator with one passkey, in a browser on a page of `origin`. */
export const createSoftwareAuthenticator = (origin: string): SoftwareAuthenticator => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const credentialId = encode(randomBytes(32))
  let count = 0
  let owner: string | undefined

  return {
    credentialId,

    create: (options, lies = {}) => {
      owner = options.user.id
      const id = decode(lies.credentialId ?? credentialId)
      const key = new Map<number, CborValue>([
        [1, 2],
        [3, lies.algorithm ?? -7],
        [-1, 1],
        [-2, decode(x)],
        [-3, decode(y)],
      ])
      const attestedData = Buffer.concat([
        Buffer.alloc(16),
        Buffer.from([id.length >> 8, id.length & 255]),
        id,
        encodeCbor(key),
      ])
      const { fmt, attStmt } = lies.attestation ?? { fmt: 'none', attStmt: new Map() }
      const authData = authenticatorData(options.rp.id, count, lies, attestedData)
      const attestation = new Map<string, CborValue>([
        ['fmt', fmt],
        ['attStmt', attStmt],
        ['authData', authData],
      ])
      const data = clientData('webauthn.create', options.challenge, origin, lies)
      return registrationJson(encode(id), data, encodeCbor(attestation))
    },

    get: (options, lies = {}) => {
      count += 1
      const clientDataJSON = clientData('webauthn.get', options.challenge, origin, lies)
      const data = authenticatorData(options.rpId, count, lies)
      const signature = sign('sha256', Buffer.concat([data, sha256(clientDataJSON)]), lies.key ?? privateKey)
      const parts = { clientDataJSON, authenticatorData: data, signature }
      const answer = assertionJson(lies.credentialId ?? credentialId, parts)
      const userHandle = lies.userHandle === undefined ? owner : (lies.userHandle ?? undefined)
      return { ...answer, response: { ...answer.response, userHandle } }
    },
  }
}
