import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SubscriptionRow } from '../../storage/stores/subscription-store'
import { addMonths } from './add-months'
import { GRACE_MS, periodAt, subscriptionAt } from './subscription-at'

const at = (date: string): number => Date.parse(date)
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
const [START, END] = [at('2026-01-31T08:00:00Z'), at('2026-02-28T08:00:00Z')]

const row = (details: Partial<SubscriptionRow> = {}): SubscriptionRow => ({
  organization_id: 'organization',
  provider: 'sandbox',
  customer_id: null,
  subscription_id: 'subscription',
  tier_id: 'pro',
  billing_interval: 'month',
  seat_count: 3,
  slot_packs: 0,
  status: 'active',
  current_period_start: START,
  current_period_end: END,
  cancel_at_period_end: 0,
  sandbox_card: 'pays',
  sync_generation: 0,
  created_at: START,
  updated_at: START,
  ...details,
})
const statusAt = (details: Partial<SubscriptionRow>, now: number) => subscriptionAt(row(details), now).status

describe('months', () => {
  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2026-01-31', 2, '2026-03-31'],
    ['2026-12-31', 2, '2027-02-28'],
    ['2028-02-29', 12, '2029-02-28'],
    ['2028-02-29', 48, '2032-02-29'],
    ['2026-05-15', 0, '2026-05-15'],
  ])('from %s are, after %i, at %s', (from, months, to) => {
    expect(day(addMonths(at(from), months))).toBe(to)
  })
})

describe('a period', () => {
  it('holds its moment, touches the one before, and is as long as it should be', () => {
    const moment = fc.integer({ min: at('2000-01-01'), max: at('2100-01-01') })
    const interval = fc.constantFrom('month' as const, 'year' as const)
    fc.assert(
      fc.property(moment, moment, interval, (one, other, interval) => {
        const [first, now] = [Math.min(one, other), Math.max(one, other)]
        const { current_period_start: start, current_period_end: end } = periodAt(first, interval, now)
        expect(start <= now && now < end).toBe(true)
        const days = (end - start) / 86_400_000
        expect(interval === 'year' ? days >= 365 && days <= 366 : days >= 28 && days <= 31).toBe(true)
        if (start > first) expect(periodAt(first, interval, start - 1).current_period_end).toBe(start)
        else expect(start).toBe(first)
      }),
    )
  })
})

describe('a subscription, by the clock alone,', () => {
  it('is what was written until its period is over', () => {
    for (const details of [{}, { sandbox_card: 'pays-once' }, { cancel_at_period_end: 1 }])
      expect(subscriptionAt(row(details), END - 1)).toEqual(row(details))
  })

  it('is renewed if it is paid, any number of times', () => {
    expect(subscriptionAt(row(), END)).toMatchObject({
      status: 'active',
      current_period_start: END,
      current_period_end: at('2026-03-31T08:00:00Z'),
    })
    expect(day(subscriptionAt(row(), at('2040-06-15T00:00:00Z')).current_period_end)).toBe('2040-06-30')
  })

  it('is past due for seven days if it is not, and then over', () => {
    const unpaid = { sandbox_card: 'pays-once' }
    expect(statusAt(unpaid, END)).toBe('past_due')
    expect(statusAt(unpaid, END + GRACE_MS - 1)).toBe('past_due')
    expect(statusAt(unpaid, END + GRACE_MS)).toBe('canceled')
  })

  it('is over with its period if that was asked for', () => {
    for (const provider of ['sandbox', 'stripe'])
      expect(statusAt({ provider, cancel_at_period_end: 1 }, END)).toBe('canceled')
  })

  it('of another provider lasts seven days without news, as what it was', () => {
    const stripe = { provider: 'stripe', sandbox_card: null }
    expect(statusAt(stripe, END + GRACE_MS - 1)).toBe('active')
    expect(statusAt({ ...stripe, status: 'past_due' }, END)).toBe('past_due')
    expect(statusAt(stripe, END + GRACE_MS)).toBe('canceled')
    expect(statusAt({ ...stripe, sandbox_card: 'pays' }, END + GRACE_MS)).toBe('canceled')
  })

  it('stays over, or not begun', () => {
    for (const status of ['none', 'canceled']) expect(statusAt({ status }, END)).toBe(status)
  })
})
