import { BILLING_INTERVALS, PAID_PLAN_IDS } from '@snoop/sdk/contract'
import type { StripePrices } from '../../../config/config'
import type { SubscriptionState } from '../payment-provider'
import { isSlotPackPrice, planOfPrice } from './stripe-prices'

const SECOND_MS = 1000

/** What is looked at of a line of a subscription of Stripe's. Times are seconds. */
export interface StripeItem {
  readonly id: string
  readonly price: { readonly id: string }
  readonly quantity?: number
  readonly current_period_start: number
  readonly current_period_end: number
}

/** What is looked at of a subscription of Stripe's (https://docs.stripe.com/api/subscriptions/object). */
export interface StripeSubscription {
  readonly id: string
  readonly status: string
  readonly created: number
  readonly cancel_at_period_end: boolean
  readonly cancel_at: number | null
  readonly metadata: Readonly<Record<string, string>>
  readonly items: { readonly data: readonly StripeItem[] }
}

/** Paid for, or tried to be. */
const COUNTED: ReadonlySet<string> = new Set(['active', 'trialing', 'past_due'])
/** Not paid, and not tried any more, but not over. */
const STALLED: ReadonlySet<string> = new Set(['unpaid', 'paused'])

const statusOf = ({ status }: StripeSubscription): SubscriptionState['status'] => {
  if (!COUNTED.has(status)) return 'canceled'
  return status === 'past_due' ? 'past_due' : 'active'
}

const oneOf = <Word extends string>(words: readonly Word[], text: string | undefined): Word | undefined =>
  words.find(word => word === text)

/** The line of the plan and that of the slot packs: by the prices of the setting, or by those that it was bought with. */
export const readItems = (prices: StripePrices, { metadata, items: { data } }: StripeSubscription) => {
  const known = data.find(item => planOfPrice(prices, item.price.id))
  const plan = known ?? data.find(item => item.price.id === metadata.planPrice)
  const slotPacks =
    data.find(item => isSlotPackPrice(prices, item.price.id)) ??
    data.find(item => item.price.id === metadata.slotPackPrice)
  return { plan, slotPacks }
}

/** Pure. @throws Error if it is for no plan that could be told */
export const toSubscriptionState = (
  prices: StripePrices,
  subscription: StripeSubscription,
): SubscriptionState => {
  const { id, metadata, created } = subscription
  const { plan, slotPacks } = readItems(prices, subscription)
  const bought = plan && planOfPrice(prices, plan.price.id)
  const tierId = bought?.tierId ?? oneOf(PAID_PLAN_IDS, metadata.tierId)
  const interval = bought?.interval ?? oneOf(BILLING_INTERVALS, metadata.interval)
  if (!plan || !tierId || !interval)
    throw new Error(`The subscription ${id} has none of the prices of the setting stripe`)
  return {
    subscriptionId: id,
    tierId,
    interval,
    seatCount: plan.quantity ?? 1,
    slotPacks: slotPacks?.quantity ?? 0,
    status: statusOf(subscription),
    startedAt: created * SECOND_MS,
    currentPeriodStart: plan.current_period_start * SECOND_MS,
    currentPeriodEnd: plan.current_period_end * SECOND_MS,
    // Its own portal sets a date instead where billing is flexible.
    cancelAtPeriodEnd: subscription.cancel_at_period_end || subscription.cancel_at !== null,
    sandboxCard: null,
  }
}

/** Whether it could still take money. Pure. */
export const isRunning = ({ status }: StripeSubscription): boolean =>
  COUNTED.has(status) || STALLED.has(status) || status === 'incomplete'

const byAge = (one: StripeSubscription, other: StripeSubscription): number =>
  one.created - other.created || (one.id < other.id ? -1 : 1)

/**
 * Of all subscriptions of an organization the one that counts: the oldest that is paid for, so that of two bought at
 * once everybody chooses the same; else the newest that ever was. And those that run besides one that is paid for. Pure.
 */
export const chooseSubscription = <S extends StripeSubscription>(
  subscriptions: readonly S[],
): { readonly main: S | undefined; readonly extra: readonly S[] } => {
  const sorted = [...subscriptions].sort(byAge)
  const paidFor = sorted.find(({ status }) => COUNTED.has(status))
  if (paidFor) {
    const extra = sorted.filter(
      each => each !== paidFor && (COUNTED.has(each.status) || STALLED.has(each.status)),
    )
    return { main: paidFor, extra }
  }
  const begun = sorted.filter(({ status }) => !status.startsWith('incomplete'))
  return { main: begun.at(-1), extra: [] }
}
