import { describe, expect, it } from 'vitest'
import { normalizeEmail } from './normalize-email'

describe('an address', () => {
  it.each([
    ['Ada@Example.COM', 'ada@example.com'],
    ['  ada@example.com\t', 'ada@example.com'],
    ['ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'ada@example.com'],
    ['ada＠example.com', 'ada@example.com'],
    ['adaﬁ@example.com', 'adafi@example.com'],
    ['ada+tag@example.com', 'ada+tag@example.com'],
    ['a.da@example.com', 'a.da@example.com'],
  ])('%j is found as %j', (given, found) => expect(normalizeEmail(given)).toBe(found))

  it.each([
    ['ada@example.com', 'аda@example.com'],
    ['ada@example.com', 'a\u200bda@example.com'],
    ['ada@example.com', 'adá@example.com'],
    ['ada@example.com', 'ada@examp1e.com'],
    ['i@example.com', 'ı@example.com'],
  ])('%j is not %j', (one, other) => expect(normalizeEmail(other)).not.toBe(normalizeEmail(one)))

  it('stays as it is once it is normal', () => {
    for (const address of ['ada@example.com', 'İ@example.com', 'ẞ@example.com', 'K@example.com']) {
      const once = normalizeEmail(address)
      expect(normalizeEmail(once)).toBe(once)
    }
  })
})
