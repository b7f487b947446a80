import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatOfKey, generateKey } from './key-formats'

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
