import { auditEntryText, auditSignatureText, type HashedAuditEntry } from '../../contract'

/** Before the 32 bytes of an Ed25519 key this, in hex, makes an SPKI of it (RFC 8410, section 4). */
const SPKI_PREFIX = '302a300506032b6570032100'

/** Hashes and signatures of one organization's audit log. */
export interface AuditCrypto {
  hashOf(entry: HashedAuditEntry): string
  /** Whether the server made the entry's hash. */
  isSigned(entry: { readonly hash: string; readonly signature: string }): boolean
  isSignatureOf(text: string, signature: string): boolean
}

/**
 * Loads Node's own cryptography, which browsers do not have.
 * @throws TypeError if the key is not 32 bytes, base64url
 */
export const loadAuditCrypto = async (organizationId: string, publicKey: string): Promise<AuditCrypto> => {
  const { createHash, createPublicKey, verify } = await import('node:crypto')
  const bytes = Buffer.from(publicKey, 'base64url')
  if (bytes.length !== 32) throw new TypeError('`chain.publicKey` must be 32 bytes, base64url')
  const spki = Buffer.concat([Buffer.from(SPKI_PREFIX, 'hex'), bytes])
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
  const isSignatureOf = (text: string, signature: string): boolean =>
    verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'))
  return {
    hashOf: entry => createHash('sha256').update(auditEntryText(organizationId, entry)).digest('base64url'),
    isSigned: ({ hash, signature }) => isSignatureOf(auditSignatureText(hash), signature),
    isSignatureOf,
  }
}
