import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AttemptFailure, decideRetry, parseRetryAfterMs, type RetrySituation } from './retry-policy'

const status = (code: number, retryAfterMs?: number): AttemptFailure => ({
  kind: 'status',
  status: code,
  retryAfterMs,
})
const refused: AttemptFailure = { kind: 'connection', sent: false, permanent: false }
const reset: AttemptFailure = { kind: 'connection', sent: true, permanent: false }
const badCertificate: AttemptFailure = { kind: 'connection', sent: false, permanent: true }
const timeout: AttemptFailure = { kind: 'timeout' }

const situation = (changes: Partial<RetrySituation>): RetrySituation => ({
  method: 'GET',
  hasIdempotencyKey: false,
  failure: status(503),
  retriesDone: 0,
  maxRetries: 2,
  maxRetryAfterMs: 60_000,
  remainingMs: 60_000,
  random: 0.5,
  ...changes,
})

const callers = ['GET', 'HEAD', 'PUT', 'DELETE', 'POST', 'PATCH', 'POST with key'] as const
const repeatedFor = (failure: AttemptFailure): string[] =>
  callers.filter(caller => {
    const [method = '', ...withKey] = caller.split(' ')
    return decideRetry(situation({ method, hasIdempotencyKey: withKey.length > 0, failure })).retry
  })

const everyCall = [...callers]
const idempotent = ['GET', 'HEAD', 'PUT', 'DELETE', 'POST with key']
const safe = ['GET', 'HEAD', 'POST with key']

describe('decideRetry', () => {
  test.each([
    ['nothing was sent', refused, everyCall],
    ['the connection was lost', reset, idempotent],
    ['no answer in time', timeout, idempotent],
    ['a certificate that is not trusted', badCertificate, []],
    ['408', status(408), idempotent],
    ['429', status(429), everyCall],
    ['500', status(500), safe],
    ['501', status(501), []],
    ['502', status(502), idempotent],
    ['503', status(503), idempotent],
    ['504', status(504), idempotent],
    ['505', status(505), []],
    ['520', status(520), safe],
  ])('after %s', (_, failure, expected) => {
    expect(repeatedFor(failure)).toEqual(expected)
  })

  test.each([400, 401, 403, 404, 405, 409, 410, 415, 422])('never repeats a %i', code => {
    expect(repeatedFor(status(code))).toEqual([])
    expect(repeatedFor(status(code, 1000))).toEqual([])
  })

  test('does nothing after a success', () => {
    expect(decideRetry(situation({ failure: undefined }))).toEqual({ retry: false })
  })

  test('waits what Retry-After says, and not at all beyond the ceiling', () => {
    const wait = (retryAfterMs: number) =>
      decideRetry(situation({ failure: status(429, retryAfterMs), remainingMs: 1e9 }))
    expect(wait(0)).toEqual({ retry: true, waitMs: 0 })
    expect(wait(60_000)).toEqual({ retry: true, waitMs: 60_000 })
    expect(wait(60_001)).toEqual({ retry: false })
    expect(wait(172_800_000)).toEqual({ retry: false })
  })

  test('does not wait when the time of the call ends first', () => {
    expect(decideRetry(situation({ failure: status(429, 5000), remainingMs: 5000 })).retry).toBe(false)
    expect(decideRetry(situation({ failure: status(429, 5000), remainingMs: 5001 })).retry).toBe(true)
  })

  test('backs off up to a ceiling that doubles from 500 ms to 8 s', () => {
    const ceilings = [0, 1, 2, 3, 4, 5, 50].map(retriesDone => {
      const decision = decideRetry(situation({ retriesDone, maxRetries: 100, random: 1 - Number.EPSILON }))
      return decision.retry && decision.waitMs
    })
    expect(ceilings).toEqual([499, 999, 1999, 3999, 7999, 7999, 7999])
  })

  test('never exceeds the retries, the ceiling, or the time that is left', () => {
    const failure = fc.oneof(
      fc.record({
        kind: fc.constant('status' as const),
        status: fc.integer({ min: 400, max: 599 }),
        retryAfterMs: fc.option(fc.nat(200_000), { nil: undefined }),
      }),
      fc.record({ kind: fc.constant('connection' as const), sent: fc.boolean(), permanent: fc.boolean() }),
      fc.constant(timeout),
    )
    const anySituation = fc.record({
      method: fc.constantFrom('GET', 'HEAD', 'PUT', 'DELETE', 'POST', 'PATCH'),
      hasIdempotencyKey: fc.boolean(),
      failure,
      retriesDone: fc.nat(5),
      maxRetries: fc.nat(5),
      maxRetryAfterMs: fc.nat(100_000),
      remainingMs: fc.integer({ min: -1000, max: 100_000 }),
      random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    })
    fc.assert(
      fc.property(anySituation, given => {
        const decision = decideRetry(given)
        if (!decision.retry) return
        expect(given.retriesDone).toBeLessThan(given.maxRetries)
        expect(decision.waitMs).toBeGreaterThanOrEqual(0)
        expect(decision.waitMs).toBeLessThan(given.remainingMs)
        expect(decision.waitMs).toBeLessThanOrEqual(Math.max(given.maxRetryAfterMs, 8000))
        const unsafe = ['POST', 'PATCH'].includes(given.method) && !given.hasIdempotencyKey
        const untouched =
          (given.failure.kind === 'connection' && !given.failure.sent) ||
          (given.failure.kind === 'status' && given.failure.status === 429)
        expect(unsafe && !untouched).toBe(false)
      }),
    )
  })
})

describe('parseRetryAfterMs', () => {
  const now = Date.parse('2026-04-05T10:00:00Z')

  test.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7000],
    ['Sun, 05 Apr 2026 10:00:30 GMT', 30_000],
    ['Sunday, 05-Apr-26 10:00:30 GMT', 30_000],
    ['Sun Apr  5 10:00:30 2026 GMT', 30_000],
    ['Sun, 05 Apr 2026 09:00:00 GMT', 0],
    [undefined, undefined],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['soon enough', undefined],
    ['2026', 2_026_000],
    ['99999999999999', 99_999_999_999_999_000],
    ['Sun, 05 Apr 2026', undefined],
  ])('%j is %j milliseconds', (text, expected) => {
    expect(parseRetryAfterMs(text, now)).toBe(expected)
  })
})
