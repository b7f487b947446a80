import { CREDIT_PRICE, PLANS, SLOT_PACK } from '@snoop/sdk/contract'
import type { Order, Purchase } from '../payment-provider'

/** What a period costs, in US cents. Pure. */
export const priceOfPeriod = ({ tierId, interval, seatCount, slotPacks }: Purchase): number =>
  PLANS[tierId].seatPrice[interval] * seatCount + SLOT_PACK.price[interval] * slotPacks

/** What is to be paid now, in US cents. Pure. */
export const priceOf = (order: Order): number =>
  order.kind === 'credits' ? order.credits * CREDIT_PRICE : priceOfPeriod(order)
