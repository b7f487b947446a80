import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { Secret, TOTP } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { createTotpSecret, findTotpStep, totpUri } from './totp'

const STEP_MS = 30_000
/** The key of RFC 6238, appendix B, in base32. */
const RFC_SECRET = Secret.fromLatin1('12345678901234567890').base32

/** RFC 6238, appendix B, the rows of SHA-1: seconds since 1970 and the code of 8 digits. */
const RFC_VECTORS: [number, string][] = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
]

describe('codes of an authenticator app', () => {
  it.each(RFC_VECTORS)('are those of RFC 6238 at %i s', (seconds, digits) => {
    expect(findTotpStep(RFC_SECRET, digits.slice(-6), seconds * 1000)).toBe(Math.floor(seconds / 30))
  })

  it('count in their own step, the one before and the one after, and in no other', () => {
    const steps = fc.integer({ min: 10, max: 2 ** 32 })
    const offsets = fc.integer({ min: 0, max: STEP_MS - 1 })
    fc.assert(
      fc.property(steps, offsets, fc.integer({ min: -4, max: 4 }), (step, offset, distance) => {
        const code = new TOTP({ secret: RFC_SECRET }).generate({ timestamp: step * STEP_MS })
        const found = findTotpStep(RFC_SECRET, code, (step + distance) * STEP_MS + offset)
        // One in a million is the code of another step, too.
        if (Math.abs(distance) <= 1 || found !== undefined)
          expect(Math.abs((found ?? -99) - step - distance)).toBeLessThanOrEqual(1)
        if (Math.abs(distance) <= 1) expect(found).toBeDefined()
      }),
    )
  })

  it('stop counting one step late or early', () => {
    const at = 1111111109_000
    const found = [-2, -1, 0, 1, 2].map(steps => findTotpStep(RFC_SECRET, '081804', at + steps * STEP_MS))
    expect(found).toEqual([undefined, 37037036, 37037036, 37037036, undefined])
  })

  it.each(['', '08180', '0081804', '081805', 'abcdef', '08180４', '０８１８０４', '-81804', '081804\n'])(
    'are not %j',
    text => expect(findTotpStep(RFC_SECRET, text, 1111111109_000)).toBeUndefined(),
  )
})

describe('the secret of an authenticator app', () => {
  it('is the 160 bits that it was given, and another one each time', () => {
    const bytes = Buffer.from('12345678901234567890')
    expect(createTotpSecret(size => bytes.subarray(0, size))).toBe(RFC_SECRET)
    expect(Secret.fromBase32(createTotpSecret(randomBytes)).bytes).toHaveLength(20)
    expect(new Set(Array.from({ length: 100 }, () => createTotpSecret(randomBytes))).size).toBe(100)
  })

  it.each([
    ['https://auth.example.com', 'ada@example.com', 'auth.example.com'],
    ['http://localhost:3000', 'a&b=c?d#e/f:g+h@example.com', 'localhost'],
    ['https://auth.example.com:8443', '"ada: x"@example.com', 'auth.example.com'],
  ])('is handed over with issuer %j and label %j, whatever letters these hold', (origin, email, issuer) => {
    const uri = new URL(totpUri(RFC_SECRET, { origin, email }))
    expect(uri.href).toMatch(/^otpauth:\/\/totp\/[^/?#]+\?[^#]+$/)
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      secret: RFC_SECRET,
      issuer,
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    })
    expect(uri.pathname.slice(1).split(':').map(decodeURIComponent)).toEqual([issuer, email])
  })
})
