import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Mail } from './mail'

const VERSION = 'v1'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals a mail for its outbox row by AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. The row's id is bound
 * in, so that a sealed mail moved to another row does not open.
 * @param key 32 bytes
 * @returns `v1.` and base64url of nonce, ciphertext and tag
 */
export const prepareMail = (mail: Mail, { key, id }: { key: Buffer; id: string }): string => {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(id))
  const sealed = Buffer.concat([
    nonce,
    cipher.update(JSON.stringify(mail), 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ])
  return `${VERSION}.${sealed.toString('base64url')}`
}

/**
 * Opens what `prepareMail` sealed.
 * @throws Error if the text is of another version, was changed, or belongs to another row or key
 */
export const openMail = (sealedMail: string, { key, id }: { key: Buffer; id: string }): Mail => {
  const [version, body, ...rest] = sealedMail.split('.')
  if (version !== VERSION || body === undefined || rest.length > 0)
    throw new Error('A sealed mail of an unknown version')
  const sealed = Buffer.from(body, 'base64url')
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new Error('A sealed mail that was cut short')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(id))
    .setAuthTag(sealed.subarray(-TAG_BYTES))
  const json = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
  return JSON.parse(json.toString('utf8')) as Mail
}
