import { describe, expect, it } from 'vitest'
import { assertWholeRefill, newLimits, type RateLimitChange } from './key-limits'

const fieldOf = (work: () => void): string | undefined => {
  try {
    work()
    return undefined
  } catch (error) {
    return (error as { detail: { fields: { field: string }[] } }).detail.fields[0]?.field
  }
}
const DEFAULT = { max: 200, windowMs: 60_000 }
const limits = (
  enabled: 0 | 1,
  max: number,
  window: number,
  interval: number | null,
  amount: number | null,
) => ({
  rate_limit_enabled: enabled,
  rate_limit_max: max,
  rate_limit_window_ms: window,
  refill_interval_ms: interval,
  refill_amount: amount,
})

describe('the limits of a new key', () => {
  const bucket = { max: 50, windowMs: 60_000, refill: { amount: 10, intervalMs: 1000 } }
  it.each<[string, RateLimitChange, Parameters<typeof newLimits>[1], object]>([
    ['are the default', {}, DEFAULT, limits(1, 200, 60_000, null, null)],
    ['are off where there is none', {}, null, limits(0, 200, 60_000, null, null)],
    ['are on once a number is given', { rateLimitMax: 5 }, null, limits(1, 5, 60_000, null, null)],
    [
      'are on once a refill is given',
      { refillAmount: 2, refillInterval: 3000 },
      null,
      limits(1, 200, 60_000, 3000, 2),
    ],
    [
      'are off if that is said',
      { rateLimitEnabled: false, refillAmount: 2, refillInterval: 3000 },
      DEFAULT,
      limits(0, 200, 60_000, 3000, 2),
    ],
    ['are those of the maker', {}, bucket, limits(1, 50, 60_000, 1000, 10)],
    [
      'are windows if the refill is refused',
      { refillAmount: null, refillInterval: null },
      bucket,
      limits(1, 50, 60_000, null, null),
    ],
    [
      'put no more back than a smaller bucket holds',
      { rateLimitMax: 3 },
      bucket,
      limits(1, 3, 60_000, 1000, 3),
    ],
  ])('%s', (_what, change, fallback, expected) => {
    expect(newLimits(change, fallback)).toEqual(expected)
  })
})

describe('a refill', () => {
  it.each<[string, number | null, number | null, string | undefined]>([
    ['is left out', null, null, undefined],
    ['fills a part of the bucket', 1000, 1, undefined],
    ['fills all of it', 1000, 5, undefined],
    ['lacks an amount', 1000, null, 'refillAmount'],
    ['lacks an interval', null, 1, 'refillInterval'],
    ['is more than the bucket holds', 1000, 6, 'refillAmount'],
  ])('%s', (_what, interval, amount, field) => {
    expect(fieldOf(() => assertWholeRefill(limits(1, 5, 60_000, interval, amount)))).toBe(field)
  })
})
