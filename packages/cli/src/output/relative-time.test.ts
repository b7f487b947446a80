import { expect, test } from 'vitest'
import { relativeTime } from './relative-time'

const nowMs = Date.parse('2090-06-01T12:00:00.000Z')

test.each([
  ['2090-06-01T12:00:10.000Z', 'in a moment'],
  ['2090-06-01T11:59:50.000Z', 'just now'],
  ['2090-06-01T12:59:59.900Z', 'in 1 hour'],
  ['2090-06-01T11:15:00.000Z', '45 minutes ago'],
  ['2090-06-08T12:00:00.000Z', 'in 7 days'],
  ['2090-08-30T11:59:59.999Z', 'in 90 days'],
  ['2091-01-01T00:00:00.000Z', 'in 7 months'],
  ['2095-06-01T00:00:00.000Z', 'in 5 years'],
  [null, 'never'],
  ['nonsense', 'nonsense'],
])('%s is %s', (time, words) => {
  expect(relativeTime(time, nowMs)).toBe(words)
})
