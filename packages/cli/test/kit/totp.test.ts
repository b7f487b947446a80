import { expect, test, vi } from 'vitest'
import { totpCode } from './totp'

/** RFC 6238, appendix B, in the last six digits. */
test.each([
  [59, '287082'],
  [1111111109, '081804'],
  [20000000000, '353130'],
])('at %i s the code is that of the standard', (seconds, code) => {
  vi.spyOn(Date, 'now').mockReturnValue(seconds * 1000)
  expect(totpCode('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')).toBe(code)
})
