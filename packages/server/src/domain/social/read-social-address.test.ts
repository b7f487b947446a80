import { contract } from '@snoop/sdk/contract'
import { describe, expect, it } from 'vitest'
import { readSocialAddress } from './read-social-address'

const emailSchema = contract.auth.signUpEmail.body.shape.email
const read = (email: string | undefined, emailVerified = true) => readSocialAddress({ email, emailVerified })

describe('the address that a provider tells', () => {
  it.each([
    ['Ada@Example.COM', 'ada@example.com'],
    [' ada+snoop@mail.example.co.uk ', 'ada+snoop@mail.example.co.uk'],
    ["o'hara_1-2@example.museum", "o'hara_1-2@example.museum"],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@xn--p1ai.xn--p1ai', 'ada@xn--p1ai.xn--p1ai'],
    ['ａｄａ@example.com', 'ada@example.com'],
  ])('%j is taken as %j, as it is at sign-up', (given, address) => {
    expect(read(given)).toBe(address)
    expect(emailSchema.parse(given)).toBe(address)
  })

  it.each([
    undefined,
    '',
    'ada',
    'ada@localhost',
    'ada@[127.0.0.1]',
    'ada@127.0.0.1',
    '"ada lovelace"@example.com',
    'ada@example.com, eve@example.com',
    'ada@example.com\r\nBcc: eve@example.com',
    'ada\0@example.com',
    'аda@example.com',
    'ada@@example.com',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a.'.repeat(125)}example`,
    `ada@example.com${' '.repeat(10_000)}`,
  ])('%j is not taken', given => {
    expect(read(given)).toBeUndefined()
    expect(emailSchema.safeParse(given).success).toBe(false)
  })

  it('counts for nothing unless it is verified', () => {
    expect(read('ada@example.com', false)).toBeUndefined()
  })
})
