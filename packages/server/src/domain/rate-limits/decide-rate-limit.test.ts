import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideRateLimit, type RateLimitRule, type RateLimitWindow } from './decide-rate-limit'

const rules = fc.record({ max: fc.integer({ min: 1, max: 20 }), windowMs: fc.integer({ min: 1, max: 5000 }) })
const gaps = fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 200 })

/** What became of requests with these gaps (ms) between them. */
const run = (rule: RateLimitRule, gapsMs: readonly number[]) => {
  let now = 1000
  let window: RateLimitWindow | undefined
  return gapsMs.map(gap => {
    now += gap
    const decision = decideRateLimit(rule, window, now, 1)
    window = decision.window
    return { now, startedAt: window.startedAt, ...decision.verdict }
  })
}

describe('a rate limit', () => {
  it('lets at most `max` through in each window, and refuses nobody before', () => {
    fc.assert(
      fc.property(rules, gaps, (rule, gapsMs) => {
        const usedIn = new Map<number, number>()
        for (const { now, startedAt, allowed, remaining } of run(rule, gapsMs)) {
          expect(now - startedAt).toBeLessThan(rule.windowMs)
          const used = usedIn.get(startedAt) ?? 0
          expect(allowed).toBe(used < rule.max)
          usedIn.set(startedAt, used + (allowed ? 1 : 0))
          expect(remaining).toBe(rule.max - (usedIn.get(startedAt) ?? 0))
        }
      }),
    )
  })

  it('lets less than twice `max` through in any time as long as a window', () => {
    fc.assert(
      fc.property(rules, gaps, (rule, gapsMs) => {
        const accepted = run(rule, gapsMs).filter(({ allowed }) => allowed)
        for (const { now: from } of accepted) {
          const within = accepted.filter(({ now }) => now >= from && now < from + rule.windowMs)
          expect(within.length).toBeLessThanOrEqual(Math.max(1, 2 * rule.max - 1))
        }
      }),
    )
  })

  it('never refuses a caller that keeps below the rate, however long', () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: 0, max: 50 }), (rule, extraMs) => {
        const gapMs = Math.ceil(rule.windowMs / rule.max) + extraMs
        const verdicts = run(rule, Array(300).fill(gapMs))
        expect(verdicts.every(({ allowed }) => allowed)).toBe(true)
      }),
    )
  })

  it.each([
    ['the first request', undefined, 0, { allowed: true, remaining: 1, resetSeconds: 10 }],
    [
      'the last in a window',
      { startedAt: 0, used: 1 },
      100,
      { allowed: true, remaining: 0, resetSeconds: 10 },
    ],
    ['one too many', { startedAt: 0, used: 2 }, 8001, { allowed: false, remaining: 0, resetSeconds: 2 }],
    ['the last moment', { startedAt: 0, used: 2 }, 9999, { allowed: false, remaining: 0, resetSeconds: 1 }],
    ['a new window', { startedAt: 0, used: 2 }, 10_000, { allowed: true, remaining: 1, resetSeconds: 10 }],
    ['a limit made smaller meanwhile', { startedAt: 0, used: 9 }, 0, { allowed: false, remaining: 0 }],
  ])('tells of %s what is left and until when', (_what, window, now, verdict) => {
    expect(decideRateLimit({ max: 2, windowMs: 10_000 }, window, now, 1).verdict).toMatchObject(verdict)
  })

  it('uses nothing up by a refused request or a look', () => {
    const window = { startedAt: 0, used: 1 }
    const rule = { max: 1, windowMs: 1000 }
    expect(decideRateLimit(rule, window, 5, 1).window).toEqual(window)
    expect(decideRateLimit(rule, window, 5, 0).window).toEqual(window)
    expect(decideRateLimit(rule, undefined, 5, 0).window.used).toBe(0)
  })

  it('locks nobody out when the clock is set back', () => {
    const used = { startedAt: 1_000_000, used: 1 }
    const { verdict } = decideRateLimit({ max: 1, windowMs: 1000 }, used, 5, 1)
    expect(verdict).toMatchObject({ allowed: true, resetSeconds: 1 })
  })
})
