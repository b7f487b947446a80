import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideMfa, lockedOutIfJoinedBy, type MfaPolicy } from './decide-mfa'

const DAY = 24 * 3600 * 1000
const FIRST_JULY = Date.UTC(2026, 6, 1)

const times = fc.integer({ min: 0, max: 400 * DAY }).map(ms => FIRST_JULY + ms)
const policies: fc.Arbitrary<MfaPolicy> = fc.record({
  requiredAt: fc.option(times),
  graceDays: fc.integer({ min: 0, max: 90 }),
})
const members = fc.record({ joinedAt: times, twoFactorEnabled: fc.boolean() })
const withoutOne = members.map(member => ({ ...member, twoFactorEnabled: false }))

describe('the MFA policy', () => {
  it.each([
    ['from when it was required', FIRST_JULY, FIRST_JULY - DAY, FIRST_JULY + 7 * DAY],
    ['from when it joined, if that was later', FIRST_JULY, FIRST_JULY + DAY, FIRST_JULY + 8 * DAY],
  ])('gives a member its days of grace %s', (_name, requiredAt, joinedAt, deadline) => {
    const member = { joinedAt, twoFactorEnabled: false }
    const at = (now: number) => decideMfa({ requiredAt, graceDays: 7 }, member, now)
    expect(at(deadline - 1)).toEqual({ state: 'in-grace', deadline })
    expect(at(deadline)).toEqual({ state: 'locked-out', deadline })
  })

  it('without grace locks out at once', () => {
    const member = { joinedAt: FIRST_JULY, twoFactorEnabled: false }
    const policy = { requiredAt: FIRST_JULY, graceDays: 0 }
    expect(decideMfa(policy, member, FIRST_JULY)).toEqual({ state: 'locked-out', deadline: FIRST_JULY })
  })

  it('always lets in who meets it, and everybody while nothing is required', () => {
    fc.assert(
      fc.property(policies, members, times, (policy, member, now) => {
        const { state } = decideMfa(policy, member, now)
        if (member.twoFactorEnabled || policy.requiredAt === null) expect(state).toBe('compliant')
        else expect(state).not.toBe('compliant')
      }),
    )
  })

  it('never locks out before the deadline, and never lets in again by time alone', () => {
    fc.assert(
      fc.property(policies, withoutOne, times, times, (policy, member, a, b) => {
        const [earlier, later] = [Math.min(a, b), Math.max(a, b)]
        const first = decideMfa(policy, member, earlier)
        const then = decideMfa(policy, member, later)
        expect(then.deadline).toBe(first.deadline)
        if (first.state === 'locked-out') expect(then.state).toBe('locked-out')
        if (first.deadline === null) return
        expect(first.deadline).toBeGreaterThanOrEqual(member.joinedAt + policy.graceDays * DAY)
        expect(first.state === 'locked-out').toBe(earlier >= first.deadline)
      }),
    )
  })

  it('is no easier on anybody with fewer days of grace', () => {
    fc.assert(
      fc.property(policies, withoutOne, times, fc.nat(90), (policy, member, now, days) => {
        const stricter = { ...policy, graceDays: Math.min(policy.graceDays, days) }
        if (decideMfa(policy, member, now).state === 'locked-out')
          expect(decideMfa(stricter, member, now).state).toBe('locked-out')
      }),
    )
  })

  it('locks out the same members one by one as counted at once', () => {
    fc.assert(
      fc.property(policies, withoutOne, times, (policy, member, now) => {
        const isOneOfThem = member.joinedAt <= lockedOutIfJoinedBy(policy, now)
        expect(isOneOfThem).toBe(decideMfa(policy, member, now).state === 'locked-out')
      }),
    )
  })
})
