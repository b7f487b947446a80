import { describe, expect, it } from 'vitest'
import type { SubscriptionRow } from '../../storage/stores/subscription-store'
import { decideApiAccess } from './find-api-access'
import { GRACE_MS, subscriptionAt } from './subscription-at'

const START = Date.UTC(2026, 0, 1)
const END = Date.UTC(2026, 1, 1)

const row = (details: Partial<SubscriptionRow> = {}): SubscriptionRow => ({
  organization_id: 'organization',
  provider: 'sandbox',
  customer_id: null,
  subscription_id: 'subscription',
  tier_id: 'starter',
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

const unpaid = { sandbox_card: 'pays-once' }
const cancelled = { cancel_at_period_end: 1 }
const byProvider = { provider: 'stripe', sandbox_card: null }

/** `PLAN REQUESTS-PER-MINUTE` of who may call; `CODE PLAN END` of who may not. */
const accessAt = (details: Partial<SubscriptionRow> | undefined, now: number) => {
  const subscription = details && subscriptionAt(row(details), now)
  const { plan, refusal } = decideApiAccess(subscription, 'free', now)
  if (!refusal) return `${plan.id} ${plan.requestsPerMinute}`
  const { id, endedAt } = refusal.detail.plan ?? {}
  return [refusal.code, id, ...(endedAt === undefined ? [] : [new Date(endedAt).toISOString()])].join(' ')
}

const MISSING = 'PLAN_FEATURE_MISSING free'

describe('the monitoring API', () => {
  it.each<[string, string, Partial<SubscriptionRow> | undefined, number]>([
    ['starter 5', 'of starter', {}, START],
    ['pro 20', 'of pro', { tier_id: 'pro' }, START],
    ['business 60', 'of business', { tier_id: 'business' }, START],
    ['starter 5', 'that is renewed', {}, END],
    ['starter 5', 'that is past due, to the end of its grace', unpaid, END + GRACE_MS - 1],
    ['starter 5', 'that its provider says is past due', { ...byProvider, status: 'past_due' }, START],
    ['starter 5', 'that was cancelled, to its end', cancelled, END - 1],
    [MISSING, 'that there never was', undefined, START],
    [MISSING, 'that was not paid, from the end of its grace on', unpaid, END + GRACE_MS],
    [MISSING, 'that another provider tells nothing more of', byProvider, END + GRACE_MS],
    [MISSING, 'that its provider ended, as nobody paid', { ...byProvider, status: 'canceled' }, START],
    ['SUBSCRIPTION_EXPIRED free 2026-02-01T00:00:00.000Z', 'that was cancelled and is over', cancelled, END],
    [
      'SUBSCRIPTION_EXPIRED free 2026-02-01T00:00:00.000Z',
      'that was cancelled and over long ago',
      { ...byProvider, ...cancelled, status: 'canceled', updated_at: END + 5 },
      END + 100 * GRACE_MS,
    ],
    [
      'SUBSCRIPTION_EXPIRED free 2026-01-01T00:00:00.007Z',
      'that was cancelled and ended before its time',
      { ...byProvider, ...cancelled, status: 'canceled', updated_at: START + 7 },
      START + 8,
    ],
  ])('is %s for a subscription %s', (access, _which, details, now) => {
    expect(accessAt(details, now)).toBe(access)
  })

  it('is open to all where the default plan has it', () => {
    const ofBusiness = (subscription: SubscriptionRow | undefined) =>
      decideApiAccess(subscription, 'business', END)
    for (const subscription of [undefined, row({ ...cancelled, status: 'canceled' })]) {
      expect(ofBusiness(subscription)).toMatchObject({ plan: { id: 'business' }, refusal: undefined })
    }
    expect(ofBusiness(row()).plan.id).toBe('starter')
  })
})
