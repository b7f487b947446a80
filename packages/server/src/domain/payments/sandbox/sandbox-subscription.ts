import type { SubscriptionRow } from '../../../storage/stores/subscription-store'
import { periodAt, subscriptionAt } from '../../plans/subscription-at'
import type { Purchase, SubscriptionChange, SubscriptionState } from '../payment-provider'
import { purchaseAfter } from '../purchase-after'
import { stateOf } from '../state-of'
import type { SandboxCard } from './sandbox-card'

/** A subscription whose first period is paid now. Pure. */
export const beginSandboxSubscription = (
  purchase: Purchase,
  card: SandboxCard,
  subscriptionId: string,
  now: number,
): SubscriptionState => {
  const { current_period_start, current_period_end } = periodAt(now, purchase.interval, now)
  return {
    ...purchase,
    subscriptionId,
    status: 'active',
    startedAt: now,
    currentPeriodStart: current_period_start,
    currentPeriodEnd: current_period_end,
    cancelAtPeriodEnd: false,
    sandboxCard: card,
  }
}

/** A row as a state, with what the clock made of it. Pure. */
export const sandboxStateAt = (held: SubscriptionRow, now: number): SubscriptionState =>
  stateOf(subscriptionAt(held, now))

/** With another interval a new period begins at once. Pure. */
export const changeSandboxSubscription = (
  held: SubscriptionRow,
  change: SubscriptionChange,
  now: number,
): SubscriptionState => {
  const before = sandboxStateAt(held, now)
  const purchase = purchaseAfter(before, change)
  const cancelAtPeriodEnd = change.cancelAtPeriodEnd ?? before.cancelAtPeriodEnd
  if (purchase.interval === before.interval) return { ...before, ...purchase, cancelAtPeriodEnd }
  const card = before.sandboxCard as SandboxCard
  return { ...beginSandboxSubscription(purchase, card, before.subscriptionId, now), cancelAtPeriodEnd }
}

/** Another card pays what is owed, and from then on. Pure. */
export const changeSandboxCard = (
  held: SubscriptionRow,
  card: SandboxCard,
  now: number,
): SubscriptionState => {
  const isOwed = subscriptionAt(held, now).status === 'past_due'
  const state = sandboxStateAt(isOwed ? { ...held, sandbox_card: 'pays' } : held, now)
  return { ...state, sandboxCard: card }
}
