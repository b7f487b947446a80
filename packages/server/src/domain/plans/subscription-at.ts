import type { BillingInterval } from '@snoop/sdk/contract'
import type { SubscriptionRow } from '../../storage/stores/subscription-store'
import { addMonths } from './add-months'

/** How long the plan still counts after a period that nothing was paid behind. */
export const GRACE_MS = 7 * 24 * 3600 * 1000

type Period = Pick<SubscriptionRow, 'current_period_start' | 'current_period_end'>

const monthsOf = (interval: BillingInterval): number => (interval === 'year' ? 12 : 1)

/** The period around `now`. All are counted from the first start, so that one in a short month shifts none. Pure. */
export const periodAt = (firstStart: number, interval: BillingInterval, now: number): Period => {
  const [first, last] = [new Date(firstStart), new Date(now)]
  const years = last.getUTCFullYear() - first.getUTCFullYear()
  const months = years * 12 + last.getUTCMonth() - first.getUTCMonth()
  const step = monthsOf(interval)
  let begun = Math.max(0, Math.floor(months / step))
  if (begun > 0 && addMonths(firstStart, begun * step) > now) begun--
  return {
    current_period_start: addMonths(firstStart, begun * step),
    current_period_end: addMonths(firstStart, (begun + 1) * step),
  }
}

const canceled = (row: SubscriptionRow): SubscriptionRow => ({ ...row, status: 'canceled' })

/**
 * What has become of a subscription by the clock alone: the sandbox's are renewed, fail to be, and end; another
 * provider's ends when nothing is heard of its renewal. Pure.
 * @param row as it was written last
 */
export const subscriptionAt = (row: SubscriptionRow, now: number): SubscriptionRow => {
  const hasBegun = row.status !== 'none' && row.status !== 'canceled'
  if (!hasBegun || now < row.current_period_end) return row
  if (row.cancel_at_period_end) return canceled(row)
  if (row.provider === 'sandbox' && row.sandbox_card === 'pays') {
    const period = periodAt(row.created_at, row.billing_interval as BillingInterval, now)
    return { ...row, ...period, status: 'active' }
  }
  if (now >= row.current_period_end + GRACE_MS) return canceled(row)
  return row.provider === 'sandbox' ? { ...row, status: 'past_due' } : row
}
