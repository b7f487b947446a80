import { crc32 } from 'node:zlib'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const RANDOM_LENGTH = 40
const CHECKSUM_LENGTH = 6
/** Any prefix that a server can be configured to give: keys outlive a change of that setting. */
const WELL_FORMED = /^[a-z]{2,8}_[0-9A-Za-z]{46}$/
/** Characters after the prefix that are kept to recognise a key by. */
const START_LENGTH = 6
/** The largest multiple of 62 that a byte can be below: bytes above would favour the first letters. */
const UNBIASED_BELOW = 248

/** 40 random base62 characters: 238 bits. */
const randomBase62 = (randomBytes: (size: number) => Buffer): string => {
  let text = ''
  while (text.length < RANDOM_LENGTH) {
    for (const byte of randomBytes(RANDOM_LENGTH)) {
      if (byte < UNBIASED_BELOW && text.length < RANDOM_LENGTH) text += ALPHABET[byte % 62]
    }
  }
  return text
}

const checksum = (text: string): string => {
  let rest = crc32(text)
  let encoded = ''
  while (encoded.length < CHECKSUM_LENGTH) {
    encoded = ALPHABET[rest % 62] + encoded
    rest = Math.floor(rest / 62)
  }
  return encoded
}

/** A new secret: prefix, 40 random base62 characters, and CRC-32 of both in 6 base62 characters. */
export const generateKey = (
  prefix: string,
  randomBytes: (size: number) => Buffer,
): { readonly key: string; readonly start: string } => {
  const body = prefix + randomBase62(randomBytes)
  return { key: body + checksum(body), start: body.slice(0, prefix.length + START_LENGTH) }
}

/** Whether shape and checksum are right: tells a mistyped key from an unknown one, offline. */
export const isWellFormedKey = (key: string): boolean =>
  WELL_FORMED.test(key) && checksum(key.slice(0, -CHECKSUM_LENGTH)) === key.slice(-CHECKSUM_LENGTH)
