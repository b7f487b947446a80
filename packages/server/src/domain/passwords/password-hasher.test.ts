import { describe, expect, it } from 'vitest'
import { createPasswordHasher } from './password-hasher'

const hasher = createPasswordHasher(2, 100)

describe('a password hash', () => {
  it('is argon2id with 19 MiB, two passes and one lane, and salted', async () => {
    const [one, other] = await Promise.all([hasher.hash('same password'), hasher.hash('same password')])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(other).not.toBe(one)
  })

  it.each([
    ['as long as allowed', 'x'.repeat(128), `${'x'.repeat(127)}y`],
    ['longer than bcrypt reads', `${'x'.repeat(72)}a`, `${'x'.repeat(72)}b`],
    ['of many bytes a letter', '🔑'.repeat(64), `${'🔑'.repeat(63)}🗝`],
    ['with blanks around', ' pass word ', 'pass word'],
    ['of another case', 'Password Phrase', 'password phrase'],
    ['with a null character', 'before\u0000after', 'before\u0000other'],
  ])('tells a password %s from one that differs a little', async (_what, password, similar) => {
    const hash = await hasher.hash(password)
    expect(await hasher.verify(hash, password)).toBe(true)
    expect(await hasher.verify(hash, similar)).toBe(false)
  })

  it('is outdated if it was made with less memory, fewer passes or another function, and only then', async () => {
    const hash = await hasher.hash('a password')
    expect(hasher.isOutdated(hash)).toBe(false)
    for (const [made, outdated] of [
      ['m=9216,t=4,p=1', true],
      ['m=19456,t=1,p=1', true],
      ['m=65536,t=3,p=1', false],
    ] as const)
      expect(hasher.isOutdated(hash.replace('m=19456,t=2,p=1', made))).toBe(outdated)
    expect(hasher.isOutdated(hash.replace('argon2id', 'argon2i'))).toBe(true)
    expect(hasher.isOutdated('$2b$10$abcdefghijklmnopqrstuv')).toBe(true)
  })

  it('that does not exist matches no password', async () => {
    expect(await hasher.verify(undefined, '')).toBe(false)
    expect(await hasher.verify(undefined, 'password')).toBe(false)
  })
})
