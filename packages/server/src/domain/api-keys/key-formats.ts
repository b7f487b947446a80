import { crc32 } from 'node:zlib'
import { KEY_FORMAT_NAMES, KEY_FORMATS, type KeyFormat } from '@snoop/sdk/contract'
import { BASE62, randomBase62 } from '../random-base62'

type RandomBytes = (size: number) => Buffer

/** How the keys of a format look. What they are good for the contract says. */
interface KeyShape {
  readonly pattern: RegExp
  readonly checksumLength: number
  /** Characters that say nothing but by chance. */
  random(randomBytes: RandomBytes): string
  checksum(text: string): string
}

/** 238 bits. */
const BASE62_LENGTH = 40
const CHECKSUM_LENGTH = 6

const checksumBase62 = (text: string): string => {
  let rest = crc32(text)
  let encoded = ''
  while (encoded.length < CHECKSUM_LENGTH) {
    encoded = BASE62[rest % 62] + encoded
    rest = Math.floor(rest / 62)
  }
  return encoded
}

const HEX_RANDOM_BYTES = 28
const HEX_CHECKSUM_LENGTH = 8

/** Prefix, 40 random base62 characters, and CRC-32 of both in 6 base62 characters. */
const base62Shape = (prefix: string): KeyShape => ({
  pattern: new RegExp(`^${prefix}[0-9A-Za-z]{46}$`),
  checksumLength: CHECKSUM_LENGTH,
  random: randomBytes => randomBase62(BASE62_LENGTH, randomBytes),
  checksum: checksumBase62,
})

/** Prefix and 64 lower-case hexadecimal digits, of which the last 8 are CRC-32 of what is before them. */
const hexShape = (prefix: string): KeyShape => ({
  pattern: new RegExp(`^${prefix}[0-9a-f]{64}$`),
  checksumLength: HEX_CHECKSUM_LENGTH,
  random: randomBytes => randomBytes(HEX_RANDOM_BYTES).toString('hex'),
  checksum: text => crc32(text).toString(16).padStart(HEX_CHECKSUM_LENGTH, '0'),
})

const SHAPES: Readonly<Record<KeyFormat, KeyShape>> = {
  // Any that can be configured: keys outlive a change of that setting.
  ba: base62Shape('[a-z]{2,8}_'),
  snpy: hexShape(KEY_FORMATS.snpy.prefix),
  snt: base62Shape(KEY_FORMATS.snt.prefix),
  sna: base62Shape(KEY_FORMATS.sna.prefix),
}

/** Characters after the prefix that are kept to recognise a key by. */
const START_LENGTH = 6

/** How new keys of a format begin. @param configured the prefix of the format `ba` */
export const keyPrefixOf = (format: KeyFormat, configured: string): string =>
  KEY_FORMATS[format].prefix ?? configured

/** A new secret. @param prefix as `keyPrefixOf` says */
export const generateKey = (
  format: KeyFormat,
  prefix: string,
  randomBytes: RandomBytes,
): { readonly key: string; readonly start: string } => {
  const shape = SHAPES[format]
  const body = prefix + shape.random(randomBytes)
  return { key: body + shape.checksum(body), start: body.slice(0, prefix.length + START_LENGTH) }
}

const isWellFormed = ({ pattern, checksumLength, checksum }: KeyShape, key: string): boolean =>
  pattern.test(key) && checksum(key.slice(0, -checksumLength)) === key.slice(-checksumLength)

/**
 * The format that a key can be of by shape and checksum: tells a mistyped key from an unknown one, offline.
 * @returns undefined if no key looks so
 */
export const formatOfKey = (key: string): KeyFormat | undefined => {
  const named = KEY_FORMAT_NAMES.find(format => {
    const { prefix } = KEY_FORMATS[format]
    return prefix !== null && key.startsWith(prefix)
  })
  const format = named ?? 'ba'
  return isWellFormed(SHAPES[format], key) ? format : undefined
}
