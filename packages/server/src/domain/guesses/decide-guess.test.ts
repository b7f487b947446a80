import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CODE_POLICY, decideGuess, type GuessCount, type GuessPolicy, PASSWORD_POLICY } from './decide-guess'

const NEW: GuessCount = { attempts: 0, blocked_until: 0 }
const HOUR = 3600_000

/** Guesses as soon as it is allowed to, each time. @returns when each guess was taken */
const takeAll = (policy: GuessPolicy, untilMs: number): number[] => {
  const taken: number[] = []
  let count = NEW
  let now = 0
  for (;;) {
    const verdict = decideGuess(policy, count, now)
    if (verdict.outcome === 'blocked' || now > untilMs) return taken
    if (verdict.outcome === 'wait') now += verdict.retryAfterSeconds * 1000
    else {
      taken.push(now)
      count = verdict.count
    }
  }
}

describe.each([
  ['passwords', PASSWORD_POLICY],
  ['codes', CODE_POLICY],
])('guesses at %s', (_what, policy) => {
  it('are taken five times without a wait, and the sixth only after one', () => {
    expect(takeAll(policy, 0)).toHaveLength(5)
    let count = NEW
    for (let n = 0; n < 5; n++) {
      const verdict = decideGuess(policy, count, 1000)
      if (verdict.outcome !== 'taken') throw new Error('not taken')
      count = verdict.count
    }
    expect(decideGuess(policy, count, 1000)).toEqual({
      outcome: 'wait',
      retryAfterSeconds: (policy.delaysMs[0] ?? 0) / 1000,
    })
  })

  it('that are free are taken in whatever order they looked at the clock', () => {
    let count = NEW
    for (const now of [1005, 1004, 1003, 1002, 1001]) {
      const verdict = decideGuess(policy, count, now)
      expect(verdict.outcome).toBe('taken')
      if (verdict.outcome === 'taken') count = verdict.count
    }
  })

  it('end after a hundred in a row, however patient the guesser (NIST 800-63B 5.2.2)', () => {
    expect(takeAll(policy, 365 * 24 * HOUR)).toHaveLength(100)
  })

  it('come at most some twenty in the first hour and thirty in a day', () => {
    expect(takeAll(policy, HOUR).length).toBeLessThanOrEqual(20)
    expect(takeAll(policy, 24 * HOUR).length).toBeLessThanOrEqual(36)
  })

  it('never become faster, whenever they come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 * HOUR }), { maxLength: 150 }), pauses => {
        let count = NEW
        let now = 0
        for (const pause of pauses) {
          now += pause
          const before = count
          const verdict = decideGuess(policy, count, now)
          if (verdict.outcome === 'taken') {
            expect(now).toBeGreaterThanOrEqual(before.blocked_until)
            count = verdict.count
            expect(count.attempts).toBe(before.attempts + 1)
            expect(count.blocked_until).toBeGreaterThanOrEqual(count.attempts < policy.free ? 0 : now)
          } else if (verdict.outcome === 'wait') {
            expect(verdict.retryAfterSeconds).toBeGreaterThan(0)
            expect(decideGuess(policy, count, now + verdict.retryAfterSeconds * 1000).outcome).not.toBe(
              'wait',
            )
          }
        }
        expect(count.attempts).toBeLessThanOrEqual(policy.last)
      }),
    )
  })
})
