import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RateLimiter } from './rate-limiter'

const createLimiter = () => {
  let now = 0
  const limiter = new RateLimiter(() => now)
  return {
    limiter,
    advance: (ms: number) => {
      now += ms
    },
  }
}

describe('a rate limiter', () => {
  it('counts each subject by itself', () => {
    const requests = fc.array(fc.record({ subject: fc.constantFrom('a', 'b', 'c'), gap: fc.nat(400) }))
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 5 }), (calls, max) => {
        const rule = { max, windowMs: 1000 }
        const { limiter, advance } = createLimiter()
        const alone = new Map(['a', 'b', 'c'].map(subject => [subject, createLimiter()]))
        for (const { subject, gap } of calls) {
          advance(gap)
          for (const other of alone.values()) other.advance(gap)
          expect(limiter.peek(subject, rule)).toEqual(alone.get(subject)?.limiter.peek(subject, rule))
          expect(limiter.take(subject, rule)).toEqual(alone.get(subject)?.limiter.take(subject, rule))
        }
      }),
    )
  })

  it('lets exactly the limit of a crowd through', () => {
    const { limiter } = createLimiter()
    const verdicts = Array.from({ length: 1000 }, () => limiter.take('key', { max: 200, windowMs: 60_000 }))
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(200)
  })

  it('changes nothing by a look', () => {
    const { limiter } = createLimiter()
    for (let look = 0; look < 5; look++) {
      expect(limiter.peek('a', { max: 1, windowMs: 1000 })).toMatchObject({ allowed: true, remaining: 1 })
    }
    expect(limiter.size).toBe(0)
  })

  it('goes by the rule of the moment', () => {
    const { limiter } = createLimiter()
    limiter.take('key', { max: 1, windowMs: 1000 })
    expect(limiter.take('key', { max: 1, windowMs: 1000 }).allowed).toBe(false)
    expect(limiter.take('key', { max: 2, windowMs: 1000 }).allowed).toBe(true)
  })

  it('lets an heir go on where another is, which starts anew', () => {
    const { limiter } = createLimiter()
    const rule = { max: 2, windowMs: 1000 }
    limiter.take('old', rule)
    limiter.handOver('old', 'new', rule)
    limiter.handOver('never seen', 'other', rule)
    expect(limiter.take('new', rule)).toMatchObject({ allowed: true, remaining: 0 })
    expect(limiter.take('new', rule).allowed).toBe(false)
    expect(limiter.peek('old', rule).remaining).toBe(2)
    expect(limiter.peek('other', rule).remaining).toBe(2)
  })

  it('adds what is handed over, once, to what the heir used already', () => {
    const { limiter, advance } = createLimiter()
    const rule = { max: 10, windowMs: 1000 }
    for (let n = 0; n < 3; n++) limiter.take('old', rule)
    advance(400)
    for (let n = 0; n < 4; n++) limiter.take('new', rule)
    for (let n = 0; n < 2; n++) limiter.handOver('old', 'new', rule)
    expect(limiter.peek('new', rule)).toMatchObject({ remaining: 3, resetAt: 1000 })
  })

  it('hands nothing over of a window that is over', () => {
    const { limiter, advance } = createLimiter()
    const rule = { max: 10, windowMs: 1000 }
    limiter.take('old', rule)
    advance(1000)
    limiter.take('new', rule)
    limiter.handOver('old', 'new', rule)
    expect(limiter.peek('new', rule)).toMatchObject({ remaining: 9, resetAt: 2000 })
  })

  it('forgets by a sweep what is over, and only that', () => {
    const { limiter, advance } = createLimiter()
    limiter.take('short', { max: 1, windowMs: 1000 })
    limiter.take('long', { max: 1, windowMs: 5000 })
    advance(1000)
    limiter.sweep()
    expect(limiter.size).toBe(1)
    expect(limiter.take('long', { max: 1, windowMs: 5000 }).allowed).toBe(false)
  })

  it('remembers a bounded number of subjects, the ones that came last', () => {
    const { limiter } = createLimiter()
    const rule = { max: 1, windowMs: 60_000 }
    for (let index = 0; index < 100_500; index++) limiter.take(`subject ${index}`, rule)
    expect(limiter.size).toBe(100_000)
    expect(limiter.take('subject 100499', rule).allowed).toBe(false)
    expect(limiter.take('subject 500', rule).allowed).toBe(false)
    expect(limiter.peek('subject 499', rule).allowed).toBe(true)
  })
})
