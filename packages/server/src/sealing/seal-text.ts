import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const VERSION = 'v1'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** What a text is sealed with. */
export interface Seal {
  /** 32 bytes. */
  readonly key: Buffer
  /** What the text belongs to, such as a row's id: sealed for one thing it does not open for another. */
  readonly context: string
}

/**
 * Seals a text by AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce.
 * @returns `v1.` and base64url of nonce, ciphertext and tag
 */
export const sealText = (text: string, { key, context }: Seal): string => {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${VERSION}.${sealed.toString('base64url')}`
}

/**
 * Opens what `sealText` sealed.
 * @throws Error if it is of another version, was changed, or belongs to another key or thing
 */
export const openText = (sealedText: string, { key, context }: Seal): string => {
  const [version, body, ...rest] = sealedText.split('.')
  if (version !== VERSION || body === undefined || rest.length > 0)
    throw new Error('A sealed text of an unknown version')
  const sealed = Buffer.from(body, 'base64url')
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new Error('A sealed text that was cut short')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(-TAG_BYTES))
  return Buffer.concat([
    decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)),
    decipher.final(),
  ]).toString('utf8')
}
