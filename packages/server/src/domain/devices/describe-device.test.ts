import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeDevice } from './describe-device'

describe('a device', () => {
  it.each([
    ['', 'Unknown'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox on Linux'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      'Safari on iOS',
    ],
    ['snoop-cli/0.1.0 (linux; node 20)', 'snoop-cli on Linux'],
    ['curl/8.5.0', 'curl/8.5.0'],
    ['node', 'node'],
  ])('that says %j is %j', (userAgent, device) => expect(describeDevice(userAgent)).toBe(device))

  it('may say anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 512 }), userAgent => {
        expect(typeof describeDevice(userAgent)).toBe('string')
      }),
    )
  })
})
