import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decideRateLimit,
  decideRateLimits,
  endOfWindow,
  joinWindows,
  type RateLimitRule,
  type RateLimitWindow,
} from './decide-rate-limit'

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

const refills = fc.record({
  amount: fc.integer({ min: 1, max: 8 }),
  intervalMs: fc.integer({ min: 1, max: 700 }),
})
const buckets = fc.record({
  max: fc.integer({ min: 1, max: 20 }),
  windowMs: fc.constant(1000),
  refill: refills,
})

/** A bucket of tokens that is looked at every millisecond, which nobody could do for real. */
const slowBucket = ({ max, refill }: RateLimitRule & { refill: NonNullable<RateLimitRule['refill']> }) => {
  let tokens = max
  let waitedMs = 0
  return {
    pass: (ms: number) => {
      for (let tick = 0; tick < ms; tick++) {
        if (tokens === max) continue
        waitedMs++
        if (waitedMs < refill.intervalMs) continue
        waitedMs = 0
        tokens = Math.min(max, tokens + refill.amount)
      }
    },
    take: () => {
      if (tokens === 0) return { allowed: false, remaining: 0 }
      if (tokens === max) waitedMs = 0
      tokens--
      return { allowed: true, remaining: tokens }
    },
  }
}

describe('a bucket', () => {
  const rule = { max: 3, windowMs: 1, refill: { amount: 2, intervalMs: 100 } }

  it('is refilled to the token and the millisecond', () => {
    fc.assert(
      fc.property(buckets, gaps, (bucket, gapsMs) => {
        const model = slowBucket(bucket)
        const verdicts = run(bucket, gapsMs).map(({ allowed, remaining }) => ({ allowed, remaining }))
        const expected = gapsMs.map(gap => {
          model.pass(gap)
          return model.take()
        })
        expect(verdicts).toEqual(expected)
      }),
    )
  })

  it('says when more comes, and has it then', () => {
    fc.assert(
      fc.property(buckets, gaps, (bucket, gapsMs) => {
        for (const { now, startedAt, allowed, resetAt, remaining } of run(bucket, gapsMs)) {
          expect(resetAt).toBeGreaterThan(now)
          if (allowed) continue
          const empty = { startedAt, used: bucket.max - remaining }
          expect(decideRateLimit(bucket, empty, resetAt - 1, 1).verdict.allowed).toBe(false)
          expect(decideRateLimit(bucket, empty, resetAt, 1).verdict.allowed).toBe(true)
        }
      }),
    )
  })

  it.each([
    ['just before the interval', 99, 0],
    ['at the interval', 100, 2],
    ['before the second', 199, 2],
    ['at the second, and no more than full', 200, 3],
  ])('has %s what came back', (_when, afterMs, remaining) => {
    const empty = { startedAt: 1000, used: 3 }
    expect(decideRateLimit(rule, empty, 1000 + afterMs, 0).verdict.remaining).toBe(remaining)
  })

  it('does not save up while it is full', () => {
    const full = decideRateLimit(rule, { startedAt: 0, used: 1 }, 950, 1)
    expect(full.window).toEqual({ startedAt: 950, used: 1 })
  })

  it('that was made smaller is empty at worst, and larger has no gifts', () => {
    const lacking = { startedAt: 1000, used: 90 }
    const smaller = { ...rule, max: 10, refill: { amount: 10, intervalMs: 100 } }
    expect(decideRateLimit(smaller, lacking, 1050, 1).verdict).toMatchObject({ allowed: false, remaining: 0 })
    expect(decideRateLimit(smaller, lacking, 1100, 1).verdict).toMatchObject({ allowed: true, remaining: 9 })
    expect(decideRateLimit({ ...rule, max: 100 }, lacking, 1000, 1).verdict.remaining).toBe(9)
  })

  it('goes on with what a window has used, and a window with what a bucket lacks', () => {
    const window = { max: 5, windowMs: 1000 }
    const bucket = { max: 5, windowMs: 1000, refill: { amount: 1, intervalMs: 300 } }
    const used = { startedAt: 1000, used: 5 }
    expect(decideRateLimit(bucket, used, 1299, 1).verdict.allowed).toBe(false)
    expect(decideRateLimit(bucket, used, 1300, 1).verdict).toMatchObject({ allowed: true, remaining: 0 })
    expect(decideRateLimit(window, used, 1999, 1).verdict.allowed).toBe(false)
    expect(decideRateLimit(window, used, 2000, 1).verdict).toMatchObject({ allowed: true, remaining: 4 })
  })

  it('locks nobody out when the clock is set back', () => {
    const empty = { startedAt: 1_000_000, used: 3 }
    expect(decideRateLimit(rule, empty, 5, 1).verdict.allowed).toBe(true)
  })
})

describe('clocks that differ a little', () => {
  const fresh = { startedAt: 10_000, used: 2 }
  const rule = { max: 2, windowMs: 1000 }

  it.each([
    ['a window', rule],
    ['an aligned window', { ...rule, aligned: true as const }],
    ['a bucket', { ...rule, refill: { amount: 1, intervalMs: 1000 } }],
  ])('share %s that the faster one has begun', (_what, shared) => {
    expect(decideRateLimit(shared, fresh, 8_000, 1).verdict.allowed).toBe(false)
    expect(decideRateLimit(shared, fresh, 8_000, 1).window).toEqual(fresh)
    expect(decideRateLimit(shared, fresh, 7_999, 1).verdict.allowed).toBe(true)
  })
})

describe('aligned windows', () => {
  const minute = { max: 2, windowMs: 60_000, aligned: true } as const
  const at = (time: string) => Date.parse(`2026-01-01T${time}Z`)

  it('end with the minute of the calendar', () => {
    const first = decideRateLimit(minute, undefined, at('10:00:59.500'), 1)
    expect(first.verdict).toMatchObject({ resetAt: at('10:01:00'), resetSeconds: 1, remaining: 1 })
    const second = decideRateLimit(minute, first.window, at('10:00:59.999'), 1)
    expect(decideRateLimit(minute, second.window, at('10:00:59.999'), 1).verdict.allowed).toBe(false)
    const next = decideRateLimit(minute, second.window, at('10:01:00'), 1)
    expect(next.verdict).toMatchObject({ remaining: 1, resetAt: at('10:02:00'), resetSeconds: 60 })
  })

  it('take over one that began with its first request, in its minute alone', () => {
    const begun = { startedAt: at('10:00:30'), used: 2 }
    expect(decideRateLimit(minute, begun, at('10:00:59'), 1).verdict.allowed).toBe(false)
    expect(decideRateLimit(minute, begun, at('10:01:00'), 1).verdict.allowed).toBe(true)
  })

  it('let at most `max` through in each minute', () => {
    fc.assert(
      fc.property(rules, gaps, (rule, gapsMs) => {
        const used = new Map<number, number>()
        for (const { now, allowed, resetAt } of run({ ...rule, aligned: true }, gapsMs)) {
          const index = Math.floor(now / rule.windowMs)
          expect(resetAt).toBe((index + 1) * rule.windowMs)
          expect(allowed).toBe((used.get(index) ?? 0) < rule.max)
          used.set(index, (used.get(index) ?? 0) + Number(allowed))
        }
      }),
    )
  })
})

describe('a caller at 90 % of its rate', () => {
  it('is never refused in three windows, however unevenly it sends within each tenth of them', () => {
    const sendings = fc.array(fc.integer({ min: 0, max: 5_999 }), { minLength: 30 * 18, maxLength: 30 * 18 })
    fc.assert(
      fc.property(sendings, offsets => {
        const rule = { max: 200, windowMs: 60_000 }
        // 18 requests in each 6 seconds: 180 in a minute.
        const times = offsets.map((offset, at) => Math.floor(at / 18) * 6_000 + offset).sort((a, b) => a - b)
        let window: RateLimitWindow | undefined
        for (const time of times) {
          const decision = decideRateLimit(rule, window, time, 1)
          expect(decision.verdict.allowed).toBe(true)
          window = decision.window
        }
      }),
      { numRuns: 30 },
    )
  })
})

describe('requests that are decided together', () => {
  const any = fc.oneof(
    rules,
    buckets,
    fc.record({ max: fc.nat(9), windowMs: fc.constant(500), aligned: fc.constant(true as const) }),
  )

  it('get what they would get one after another', () => {
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 30 }), fc.option(fc.nat(40)), (together, used) => {
        const before = used === null ? undefined : { startedAt: 900, used }
        const { verdicts, window } = decideRateLimits(together, before, 1000)
        let last: RateLimitWindow | undefined = before
        const alone = together.map(rule => {
          const decision = decideRateLimit(rule, last, 1000, 1)
          last = decision.window
          return decision.verdict
        })
        expect(verdicts).toEqual(alone)
        expect(window).toEqual({ ...last, endsAt: endOfWindow(together.at(-1) as RateLimitRule, last!) })
      }),
    )
  })

  it('pass as far as there is room, the first ones first', () => {
    const { verdicts, window } = decideRateLimits(
      Array(1000).fill({ max: 200, windowMs: 1000 }),
      undefined,
      0,
    )
    expect(verdicts.map(({ allowed }) => allowed)).toEqual(Array.from({ length: 1000 }, (_, at) => at < 200))
    expect(window).toEqual({ startedAt: 0, used: 200, endsAt: 1000 })
  })
})

it('a window or bucket that is over is as good as none', () => {
  fc.assert(
    fc.property(fc.oneof(rules, buckets), gaps, (rule: RateLimitRule, gapsMs) => {
      for (const { startedAt, remaining, limit } of run(rule, gapsMs)) {
        const window = { startedAt, used: limit - remaining }
        const end = endOfWindow(rule, window)
        expect(decideRateLimit(rule, window, end, 1)).toEqual(decideRateLimit(rule, undefined, end, 1))
        if (window.used > 0)
          expect(decideRateLimit(rule, window, end - 1, 0).verdict.remaining).toBeLessThan(limit)
      }
    }),
  )
})

describe('windows of two subjects that become one', () => {
  const kinds: readonly RateLimitRule[] = [
    { max: 20, windowMs: 1000 },
    { max: 20, windowMs: 1000, aligned: true },
    { max: 20, windowMs: 1, refill: { amount: 3, intervalMs: 1000 } },
  ]
  const take = (rule: RateLimitRule, window: RateLimitWindow | undefined, now: number) =>
    decideRateLimits([rule], window, now).window

  it('are as if there had been one from the start', () => {
    const calls = fc.array(fc.record({ gapMs: fc.nat(49), by: fc.constantFrom(0, 1) }), {
      minLength: 1,
      maxLength: 20,
    })
    fc.assert(
      fc.property(fc.constantFrom(...kinds), calls, (rule, all) => {
        let now = 5000
        let whole: RateLimitWindow | undefined
        const parts: [RateLimitWindow | undefined, RateLimitWindow | undefined] = [undefined, undefined]
        for (const { gapMs, by } of all) {
          now += gapMs
          whole = take(rule, whole, now)
          parts[by] = take(rule, parts[by], now)
        }
        expect(joinWindows(rule, parts, now)).toEqual(whole)
      }),
    )
  })

  it.each(kinds)('have nothing of what is over: %j', rule => {
    const [over, running] = [take(rule, undefined, 5000), take(rule, undefined, 6500)]
    for (const windows of [
      [over, running],
      [running, over],
    ] as const)
      expect(joinWindows(rule, windows, 6600)).toEqual(running)
  })
})
