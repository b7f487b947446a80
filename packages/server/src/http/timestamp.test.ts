import { expect, test } from 'vitest'
import { toTimestamp, toTimestampOrNull } from './timestamp'

test('a time is UTC with milliseconds and Z', () => {
  expect(toTimestamp(0)).toBe('1970-01-01T00:00:00.000Z')
  expect(toTimestamp(1_775_383_200_001)).toBe('2026-04-05T10:00:00.001Z')
})

test('no time is null, and 1970 is one', () => {
  expect(toTimestampOrNull(null)).toBeNull()
  expect(toTimestampOrNull(0)).toBe('1970-01-01T00:00:00.000Z')
})
