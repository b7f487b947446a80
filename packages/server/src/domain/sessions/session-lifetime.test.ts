import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideRenewal, sessionExpiry } from './session-lifetime'

const HOUR = 3600_000
const DAY = 24 * HOUR

/** Uses a session made at 0 at these times, as the server would. @returns how it went, up to its end */
const live = (uses: readonly number[]) => {
  let session = { created_at: 0, renewed_at: 0, expires_at: sessionExpiry(0, 0) }
  const renewals: number[] = []
  for (const now of uses) {
    if (session.expires_at <= now) break
    const expires_at = decideRenewal(session, now)
    if (expires_at === undefined) continue
    session = { ...session, expires_at, renewed_at: now }
    renewals.push(now)
  }
  return { session, renewals }
}

describe('the life of a session', () => {
  it('is seven days without use', () => {
    expect(sessionExpiry(0, 0)).toBe(7 * DAY)
  })

  it('is renewed at a day after the last renewal, not before', () => {
    const session = { created_at: 0, renewed_at: 0, expires_at: 7 * DAY }
    expect(decideRenewal(session, DAY - 1)).toBeUndefined()
    expect(decideRenewal(session, DAY)).toBe(8 * DAY)
  })

  it('ends after thirty days of constant use', () => {
    const hourly = Array.from({ length: 24 * 40 }, (_, hour) => hour * HOUR)
    const { session, renewals } = live(hourly)
    expect(session.expires_at).toBe(30 * DAY)
    expect(renewals).toEqual(Array.from({ length: 23 }, (_, day) => (day + 1) * DAY))
  })

  it('never grows past thirty days or seven from the last use, and is written once a day at most', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3 * DAY }), { maxLength: 100 }), gaps => {
        let now = 0
        const uses = gaps.map(gap => (now += gap))
        const { session, renewals } = live(uses)
        expect(session.expires_at).toBeLessThanOrEqual(30 * DAY)
        expect(session.expires_at).toBeLessThanOrEqual((renewals.at(-1) ?? 0) + 7 * DAY)
        for (const [index, at] of renewals.entries()) {
          expect(at - (renewals[index - 1] ?? 0)).toBeGreaterThanOrEqual(DAY)
        }
      }),
    )
  })
})
