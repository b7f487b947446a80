import { expect, test } from 'vitest'
import { parseDuration } from './duration'

test.each([
  ['90s', 90],
  ['10m', 600],
  ['12h', 43_200],
  ['30d', 2_592_000],
  ['2w', 1_209_600],
  ['1y', 31_536_000],
])('%s is %i seconds', (text, seconds) => {
  expect(parseDuration(text, '--expires')).toBe(seconds)
})

test.each(['', '10', 'd', '-1d', '1.5h', '1 d', '1d2h', '9999999999d', '1toString'])(
  '%j is refused',
  text => {
    expect(() => parseDuration(text, '--grace')).toThrow('--grace')
  },
)
