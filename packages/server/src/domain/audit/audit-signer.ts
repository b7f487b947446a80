import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'

/** PKCS #8 of an Ed25519 key is this and its 32 bytes (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
const PUBLIC_KEY_BYTES = 32

/** Signs audit entries, so that who changes the database cannot make them anew. */
export interface AuditSigner {
  /** 32 bytes, base64url. */
  readonly publicKey: string
  /** Ed25519 signature (RFC 8032), base64url. */
  sign(text: string): string
  /** Whether `sign` made it of this text. */
  verify(text: string, signature: string): boolean
}

/** @param seed 32 bytes, known to the server alone */
export const createAuditSigner = (seed: Buffer): AuditSigner => {
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const publicKey = createPublicKey(key)
  const publicBytes = publicKey.export({ format: 'der', type: 'spki' }).subarray(-PUBLIC_KEY_BYTES)
  return {
    publicKey: publicBytes.toString('base64url'),
    sign: text => sign(null, Buffer.from(text), key).toString('base64url'),
    verify: (text, signature) =>
      verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64url')),
  }
}
