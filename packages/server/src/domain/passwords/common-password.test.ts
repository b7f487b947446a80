import { describe, expect, it } from 'vitest'
import { isCommonPassword } from './common-password'

describe('a password', () => {
  it.each(['password', '12345678', 'Password123', 'QWERTYUIOP', 'iLoveYou', 'trustno1', '11111111'])(
    '%j is common',
    async password => expect(await isCommonPassword(password)).toBe(true),
  )

  it.each([
    'a-long-secure-passphrase',
    'correct horse battery staple',
    'passwordpasswordpassword!',
    '🔑🔑🔑🔑',
  ])('%j is not', async password => expect(await isCommonPassword(password)).toBe(false))
})
