import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { StorageEngine } from '../../storage/engine'
import { StorageError } from '../../storage/storage-error'
import type { StoredWindow, WindowStore } from '../../storage/window-store'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { decideRateLimit, type RateLimitRule } from './decide-rate-limit'
import { RateLimiter } from './rate-limiter'
import { SharedLimiter } from './shared-limiter'

const RULE = { max: 200, windowMs: 60_000 }

/** A store of this process; what it is asked takes a turn of the event loop, in which others get on. */
const createStore = () => {
  const windows = new Map<string, StoredWindow>()
  const asked: string[] = []
  const answer = async <T>(question: string, work: () => T): Promise<T> => {
    asked.push(question)
    await new Promise(resolve => setImmediate(resolve))
    return work()
  }
  const store: WindowStore = {
    find: subject => answer('find', () => windows.get(subject)),
    swap: (subject, expected, next) =>
      answer('swap', () => {
        const there = windows.get(subject)
        if (there && (there.startedAt !== expected?.startedAt || there.used !== expected.used)) return false
        windows.set(subject, next)
        return true
      }),
    deleteEnded: time =>
      answer('deleteEnded', () => {
        for (const [subject, { endsAt }] of windows) if (endsAt < time) windows.delete(subject)
      }),
  }
  return { store, windows, asked }
}

const passed = async (verdicts: Promise<{ allowed: boolean }>[]) =>
  (await Promise.all(verdicts)).filter(({ allowed }) => allowed).length

const takeMany = (limiter: SharedLimiter, count: number, rule: RateLimitRule = RULE) =>
  Array.from({ length: count }, () => limiter.take('key', rule))

describe('a limiter over several processes', () => {
  it('decides together what comes while a statement is under way', async () => {
    const { store, asked } = createStore()
    const limiter = new SharedLimiter(store, () => 0)
    expect(await passed(takeMany(limiter, 1000))).toBe(200)
    expect(asked).toEqual(['swap', 'swap'])
  })

  it('asks once for each request that comes alone, and not at all once it knows that nothing is left', async () => {
    const { store, asked } = createStore()
    const limiter = new SharedLimiter(store, () => 0)
    for (let request = 0; request < 3; request++) await limiter.take('key', { max: 2, windowMs: 1000 })
    expect(asked).toEqual(['swap', 'swap'])
  })

  it('lets exactly the limit of a rush on three of them through', async () => {
    const { store } = createStore()
    const limiters = [0, 1, 2].map(() => new SharedLimiter(store, () => 0))
    expect(await passed(limiters.flatMap(limiter => takeMany(limiter, 150)))).toBe(200)
  })

  it('gives the answers of one that counts alone', async () => {
    const calls = fc.array(
      fc.record({
        subject: fc.constantFrom('a', 'b'),
        gapMs: fc.nat(400),
        by: fc.nat(1),
        looks: fc.boolean(),
      }),
      { maxLength: 40 },
    )
    const rules = fc.constantFrom<RateLimitRule>(
      { max: 3, windowMs: 1000 },
      { max: 3, windowMs: 1000, aligned: true },
      { max: 3, windowMs: 1000, refill: { amount: 2, intervalMs: 300 } },
    )
    await fc.assert(
      fc.asyncProperty(calls, rules, async (all, rule) => {
        let now = 5000
        const { store } = createStore()
        const alone = new RateLimiter(() => now)
        const limiters = [new SharedLimiter(store, () => now), new SharedLimiter(store, () => now)]
        for (const { subject, gapMs, by, looks } of all) {
          now += gapMs
          const ask = looks ? 'peek' : 'take'
          expect(await limiters[by]![ask](subject, rule)).toEqual(alone[ask](subject, rule))
        }
      }),
      { numRuns: 30 },
    )
  })

  it('lets an heir go on where another is, with what it used already', async () => {
    const { store } = createStore()
    const [one, other] = [new SharedLimiter(store, () => 0), new SharedLimiter(store, () => 0)]
    await Promise.all(takeMany(one, 150))
    await Promise.all([1, 2, 3].map(() => one.take('heir', RULE)))
    await other.handOver('key', 'heir', RULE)
    await other.handOver('never seen', 'nobody', RULE)
    expect((await one.take('heir', RULE)).remaining).toBe(46)
    expect((await one.peek('key', RULE)).remaining).toBe(200)
    expect((await one.peek('nobody', RULE)).remaining).toBe(200)
  })

  it('hands a window over once, in a rush on the heir and however often at once', async () => {
    const { store } = createStore()
    const limiters = [0, 1, 2].map(() => new SharedLimiter(store, () => 0))
    await Promise.all(takeMany(limiters[0]!, 50))
    const rush = limiters.flatMap(limiter => [1, 2, 3].map(() => limiter.take('heir', RULE)))
    await Promise.all([...rush, ...limiters.map(limiter => limiter.handOver('key', 'heir', RULE))])
    expect((await limiters[1]!.peek('heir', RULE)).remaining).toBe(200 - 50 - 9)
  })

  it('goes by the rule that each request came under', async () => {
    const { store } = createStore()
    const limiter = new SharedLimiter(store, () => 0)
    const verdicts = await Promise.all([
      limiter.take('key', { max: 1, windowMs: 1000 }),
      limiter.take('key', { max: 1, windowMs: 1000 }),
      limiter.take('key', { max: 3, windowMs: 1000 }),
    ])
    expect(verdicts.map(({ allowed }) => allowed)).toEqual([true, false, true])
  })

  it('lets nobody through whom it could not count, tells all of them, and counts again once it can', async () => {
    const { store } = createStore()
    const outage = new StorageError('The database is closed.')
    let isDown = true
    const swap: WindowStore['swap'] = (...args) => (isDown ? Promise.reject(outage) : store.swap(...args))
    const limiter = new SharedLimiter({ ...store, swap }, () => 0)
    const outcomes = await Promise.allSettled(takeMany(limiter, 5))
    expect(outcomes).toEqual(Array(5).fill({ status: 'rejected', reason: outage }))
    isDown = false
    expect((await limiter.take('key', RULE)).remaining).toBe(199)
  })

  it('forgets what is over by a sweep, and in the store a minute later', async () => {
    let now = 0
    const { store, windows } = createStore()
    const limiter = new SharedLimiter(store, () => now)
    await limiter.take('key', { max: 1, windowMs: 1000 })
    now = 61_000
    await limiter.sweep()
    expect(windows.size).toBe(1)
    now = 61_001
    await limiter.sweep()
    expect(windows.size).toBe(0)
    expect((await limiter.take('key', { max: 1, windowMs: 1000 })).allowed).toBe(true)
  })
})

describeOnEachEngine('requests of one key on a real database', open => {
  let engine: StorageEngine
  beforeAll(async () => {
    engine = await open()
    await engine.windows!.join()
  })

  it.each([
    ['a window', RULE],
    ['a bucket', { ...RULE, refill: { amount: 1, intervalMs: 60_000 } }],
  ])('1,000 at once of which two processes let exactly 200 through: %s', async (name, rule) => {
    const limiters = [0, 1].map(() => new SharedLimiter(engine.windows!.store, () => 1_800_000_000_000))
    const verdicts = Array.from({ length: 1000 }, (_, at) => limiters[at % 2]!.take(name, rule))
    expect(await passed(verdicts)).toBe(200)
    const left = await limiters[0]!.peek(name, rule)
    expect(left).toEqual(
      decideRateLimit(rule, { startedAt: 1_800_000_000_000, used: 200 }, 1_800_000_000_000, 0).verdict,
    )
  })
})
