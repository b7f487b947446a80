import type { BillingInterval, PaidPlanId } from '@snoop/sdk/contract'
import type { SubscriptionRow } from '../../storage/stores/subscription-store'
import type { Purchase, SubscriptionChange } from './payment-provider'

/** What a row says that is paid for. Pure. */
export const purchaseOf = (row: SubscriptionRow): Purchase => ({
  tierId: row.tier_id as PaidPlanId,
  interval: row.billing_interval as BillingInterval,
  seatCount: row.seat_count,
  slotPacks: row.slot_packs,
})

/** What is bought once `change` is made. Pure. */
export const purchaseAfter = (before: Purchase, change: SubscriptionChange): Purchase => ({
  tierId: change.tierId ?? before.tierId,
  interval: change.interval ?? before.interval,
  seatCount: change.seatCount ?? before.seatCount,
  slotPacks: change.slotPacks ?? before.slotPacks,
})

/** Pure. */
export const isSamePurchase = (one: Purchase, other: Purchase): boolean =>
  one.tierId === other.tierId &&
  one.interval === other.interval &&
  one.seatCount === other.seatCount &&
  one.slotPacks === other.slotPacks
