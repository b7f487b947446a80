import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeDevice } from './describe-device'

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
    'Safari on macOS',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
    'Microsoft Edge on Windows',
  ],
  ['snoop-cli/0.1.0 node/20.19.0', 'snoop-cli/0.1.0'],
  ['curl/8.5.0', 'curl/8.5.0'],
  ['', 'Unknown'],
  [' \t ', 'Unknown'],
  ['\u0080\u009b', 'Unknown'],
  ['tool\u009b31m/1.0', 'tool31m/1.0'],
  ['x'.repeat(512), 'x'.repeat(100)],
])('%j is %j', (userAgent, expected) => {
  expect(describeDevice(userAgent)).toBe(expected)
})

test('whatever a client calls itself, its device is a short text that a terminal can show', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      'Mozilla/5.0 ',
      '(X11; Linux) ',
      'Chrome/1 ',
      '/',
      ' ',
      '\u009b',
      'iPhone OS 1_',
      'a'.repeat(400),
    ),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), parts => {
      expect(describeDevice(parts.join('').slice(0, 512))).toMatch(/^[^\p{Cc}]{1,100}$/u)
    }),
  )
})
