import type { Subscription } from '@snoop/sdk/contract'
import type { Field } from '../../output/output'
import { relativeTime } from '../../output/relative-time'

/** How a subscription is shown. What was never bought has no lines of its own. */
export const subscriptionFields = (subscription: Subscription, nowMs: number): Field<Subscription>[] => {
  const { tierId, status, cancelAtPeriodEnd, currentPeriodEnd } = subscription
  const always: Field<Subscription>[] = [
    { label: 'plan', value: ({ plan }) => plan },
    { label: 'status', value: () => status },
  ]
  if (tierId === null) return always
  const isOver = status === 'canceled'
  const end = isOver ? 'ended' : cancelAtPeriodEnd ? 'ends' : 'renews'
  return [
    ...always,
    {
      label: isOver ? 'was' : 'paid for',
      value: ({ interval }) => `${tierId}, by the ${interval ?? 'month'}`,
    },
    { label: 'seats', value: ({ seatCount }) => String(seatCount ?? '') },
    { label: 'slot packs', value: ({ slotPacks }) => String(slotPacks ?? 0) },
    {
      label: end,
      value: () => currentPeriodEnd ?? '',
      human: () => (currentPeriodEnd === null ? '' : relativeTime(currentPeriodEnd, nowMs)),
    },
    { label: 'paid by', value: ({ provider }) => provider },
  ]
}

/** What is paid for, in a few words. */
export const subscriptionText = ({ plan, status, seatCount }: Subscription): string =>
  `plan ${plan}, ${status}${seatCount === null ? '' : `, ${seatCount} seat${seatCount === 1 ? '' : 's'}`}`
