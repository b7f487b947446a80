import { BILLING_INTERVALS, type BillingInterval, PAID_PLAN_IDS, type PaidPlanId } from '@snoop/sdk/contract'
import type { StripePrices } from '../../../config/config'
import type { Order, Purchase } from '../payment-provider'

/** So many of what a price is for. */
export interface PricedItem {
  readonly price: string
  readonly quantity: number
}

/** What is bought, as Stripe's prices. Pure. */
export const itemsOf = (prices: StripePrices, order: Order): PricedItem[] => {
  if (order.kind === 'credits') return [{ price: prices.credit, quantity: order.credits }]
  const { tierId, interval, seatCount, slotPacks } = order
  const plan = { price: prices[tierId][interval], quantity: seatCount }
  return slotPacks > 0 ? [plan, { price: prices.slotPack[interval], quantity: slotPacks }] : [plan]
}

/**
 * Kept with a subscription at Stripe, so that it is understood also once the setting names other prices. Pure.
 * @returns texts, as Stripe wants them
 */
export const metadataOf = (
  prices: StripePrices,
  organizationId: string,
  { tierId, interval }: Pick<Purchase, 'tierId' | 'interval'>,
) => ({
  organizationId,
  tierId,
  interval,
  planPrice: prices[tierId][interval],
  slotPackPrice: prices.slotPack[interval],
})

/** The plan that a price is for. Pure. */
export const planOfPrice = (
  prices: StripePrices,
  price: string,
): { readonly tierId: PaidPlanId; readonly interval: BillingInterval } | undefined => {
  for (const tierId of PAID_PLAN_IDS) {
    for (const interval of BILLING_INTERVALS)
      if (prices[tierId][interval] === price) return { tierId, interval }
  }
  return undefined
}

/** Pure. */
export const isSlotPackPrice = (prices: StripePrices, price: string): boolean =>
  BILLING_INTERVALS.some(interval => prices.slotPack[interval] === price)
