import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { KEY_FORMAT_NAMES, type KeyFormat } from '@snoop/sdk/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatOfKey, generateKey, keyPrefixOf } from './key-formats'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const isBa = (key: string): boolean => formatOfKey(key) === 'ba'
const letters = fc.constantFrom(...ALPHABET)
const keys = fc.noShrink(fc.integer()).map(() => generateKey('ba', 'ba_', randomBytes).key)
const replaceAt = (text: string, index: number, letter: string): string =>
  text.slice(0, index) + letter + text.slice(index + 1)

describe('the secret of a key', () => {
  it('is the prefix, 40 random letters and digits, and CRC-32 of both in six', () => {
    for (let count = 0; count < 1000; count++) {
      const { key, start } = generateKey('ba', 'ba_', randomBytes)
      expect(key).toMatch(/^ba_[0-9A-Za-z]{46}$/)
      const sum = [...key.slice(-6)].reduce((value, letter) => value * 62 + ALPHABET.indexOf(letter), 0)
      expect(sum).toBe(crc32(key.slice(0, -6)))
      expect(start).toBe(key.slice(0, 9))
    }
  })

  it('never comes twice, and has each letter at each place equally often', () => {
    const total = 100_000
    const seen = new Set<string>()
    const counts = Array.from({ length: 40 }, () => new Map<string, number>())
    for (let count = 0; count < total; count++) {
      const { key } = generateKey('ba', 'ba_', randomBytes)
      seen.add(key)
      for (const [place, letterCounts] of counts.entries()) {
        const letter = key[3 + place] ?? ''
        letterCounts.set(letter, (letterCounts.get(letter) ?? 0) + 1)
      }
    }
    expect(seen.size).toBe(total)
    const expected = total / 62
    // Six standard deviations: one of 2480 counts is further off in one of 200,000 runs. Bytes taken modulo 62
    // without rejection would put the first eight letters 21 % above.
    const tolerance = 6 * Math.sqrt(expected * (1 - 1 / 62))
    const all = counts.flatMap(letterCounts => [...ALPHABET].map(letter => letterCounts.get(letter) ?? 0))
    expect(Math.max(...all)).toBeLessThan(expected + tolerance)
    expect(Math.min(...all)).toBeGreaterThan(expected - tolerance)
  })

  it('uses bytes from 248 on for nothing, and asks for more instead', () => {
    const rounds = [Buffer.alloc(40, 255), Buffer.alloc(40, 247)]
    expect(generateKey('ba', 'ba_', () => rounds.shift() ?? Buffer.alloc(0)).key.slice(3, 43)).toBe(
      'z'.repeat(40),
    )
  })

  it('is refused with any one letter changed', () => {
    fc.assert(
      fc.property(keys, fc.integer({ min: 3, max: 48 }), letters, (key, index, letter) => {
        expect(isBa(replaceAt(key, index, letter))).toBe(key[index] === letter)
      }),
      { numRuns: 5000 },
    )
  })

  it('is refused with any two neighbours swapped', () => {
    fc.assert(
      fc.property(keys, fc.integer({ min: 3, max: 47 }), (key, index) => {
        const [a = '', b = ''] = [key[index], key[index + 1]]
        expect(isBa(replaceAt(replaceAt(key, index, b), index + 1, a))).toBe(a === b)
      }),
      { numRuns: 5000 },
    )
  })

  it('is refused cut short, made longer, under another prefix, or with blanks around', () => {
    const { key } = generateKey('ba', 'ba_', randomBytes)
    const wrong = [
      '',
      'ba_',
      key.slice(0, -1),
      `${key}0`,
      key.slice(3),
      key.replace('ba_', 'bb_'),
      key.replace('ba_', 'BA_'),
      ` ${key}`,
      `${key}\n`,
      key.replace('_', '__'),
      `${key}, ${key}`,
      'ba_'.repeat(100_000),
    ]
    expect(isBa(key)).toBe(true)
    expect(wrong.filter(isBa)).toEqual([])
  })

  it('stays well-formed when the operator has new keys begin in another way', () => {
    for (const prefix of ['ba_', 'acme_', 'xy_', 'longname_']) {
      expect(isBa(generateKey('ba', prefix, randomBytes).key)).toBe(true)
    }
  })

  it('is no text that other systems issue', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uuid(),
          fc.base64String({ maxLength: 80 }),
          fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 46, maxLength: 46 }),
        ),
        text => {
          expect(isBa(text)).toBe(false)
          expect(isBa(`ba_${text}`)).toBe(false)
        },
      ),
    )
  })
})

const HEX = '0123456789abcdef'
const base62Sum = (text: string): number =>
  [...text].reduce((value, letter) => value * 62 + ALPHABET.indexOf(letter), 0)

/** The forms as the published contracts have them, written down a second time. */
const FORMS: Readonly<
  Record<KeyFormat, { prefix: string; length: number; alphabet: string; checksum: (key: string) => boolean }>
> = {
  ba: {
    prefix: 'ba_',
    length: 46,
    alphabet: ALPHABET,
    checksum: key => base62Sum(key.slice(-6)) === crc32(key.slice(0, -6)),
  },
  snpy: {
    prefix: 'snpy_',
    length: 64,
    alphabet: HEX,
    checksum: key => Number.parseInt(key.slice(-8), 16) === crc32(key.slice(0, -8)),
  },
  snt: {
    prefix: 'snt_',
    length: 46,
    alphabet: ALPHABET,
    checksum: key => base62Sum(key.slice(-6)) === crc32(key.slice(0, -6)),
  },
  sna: {
    prefix: 'sna_',
    length: 46,
    alphabet: ALPHABET,
    checksum: key => base62Sum(key.slice(-6)) === crc32(key.slice(0, -6)),
  },
}
const make = (format: KeyFormat, prefix = keyPrefixOf(format, 'ba_')) =>
  generateKey(format, prefix, randomBytes).key

describe.each(KEY_FORMAT_NAMES)('a key of the format %s', format => {
  const { prefix, length, alphabet, checksum } = FORMS[format]
  const some = fc.noShrink(fc.integer()).map(() => make(format))

  it('has its prefix, length, alphabet and checksum, and is known by them', () => {
    const seen = new Set<string>()
    for (let count = 0; count < 500; count++) {
      const { key, start } = generateKey(format, keyPrefixOf(format, 'ba_'), randomBytes)
      const body = key.slice(prefix.length)
      expect([key.slice(0, prefix.length), body.length]).toEqual([prefix, length])
      expect([...body].filter(letter => !alphabet.includes(letter))).toEqual([])
      expect(checksum(key)).toBe(true)
      expect(formatOfKey(key)).toBe(format)
      expect(start).toBe(key.slice(0, prefix.length + 6))
      seen.add(key)
    }
    expect(seen.size).toBe(500)
  })

  it('is no key with any one letter changed, be it of the prefix or in another case', () => {
    const at = fc.integer({ min: 0, max: prefix.length + length - 1 })
    const letter = fc.constantFrom(...ALPHABET, ...HEX.toUpperCase(), '_', '-', ' ', '\0', 'é')
    fc.assert(
      fc.property(some, at, letter, (key, index, changed) => {
        expect(formatOfKey(replaceAt(key, index, changed))).toBe(key[index] === changed ? format : undefined)
      }),
      { numRuns: 3000 },
    )
  })

  it('is none in capitals, cut short, made longer, with blanks, or twice', () => {
    const key = make(format, keyPrefixOf(format, 'ba_'))
    const wrong = [
      prefix + key.slice(prefix.length).toUpperCase(),
      key.toUpperCase(),
      key.slice(0, -1),
      `${key}0`,
      `${key}\n`,
      ` ${key}`,
      key + key,
      prefix,
    ]
    expect(wrong.map(text => formatOfKey(text))).toEqual(wrong.map(() => undefined))
  })

  it('is none of another format, and none under the prefix of another', () => {
    for (const other of ['snpy_', 'snt_', 'sna_', 'ba_', 'acme_']) {
      if (other === prefix) continue
      const moved = other + make(format).slice(prefix.length)
      expect(formatOfKey(moved)).toBeUndefined()
    }
  })
})

it('a key with the prefix of an operator is of the native format, whatever it begins like', () => {
  for (const prefix of ['acme_', 'snpyx_', 'xsnt_', 'snaa_', 'sn_']) {
    expect(formatOfKey(make('ba', prefix))).toBe('ba')
    expect(keyPrefixOf('ba', prefix)).toBe(prefix)
    expect(keyPrefixOf('sna', prefix)).toBe('sna_')
  }
})
