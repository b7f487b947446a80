import type { Stores } from '../../storage/storage'
import type { SubscriptionRow } from '../../storage/stores/subscription-store'
import type { DomainContext } from '../domain-context'
import { conflict, DomainError } from '../domain-error'
import { countSeats } from '../plans/count-seats'
import { isLive, paid } from '../plans/decide-plan'
import { findSubscription } from '../plans/find-subscription'
import type { Actor } from '../principals/actor'
import { assertHeldHere } from './assert-held-here'
import { assertSeatCount } from './assert-seat-count'
import { getSubscription, type SubscriptionOverview } from './get-subscription'
import type { Purchase, SubscriptionChange } from './payment-provider'
import { isSamePurchase, purchaseAfter, purchaseOf } from './purchase-after'
import { syncSubscription } from './sync-subscription'

const assertProjects = async (
  { projects }: Pick<Stores, 'projects'>,
  row: SubscriptionRow,
  { tierId, slotPacks }: Purchase,
): Promise<void> => {
  const [before, after] = [
    paid(row).projects,
    paid({ tier_id: tierId, seat_count: 0, slot_packs: slotPacks }).projects,
  ]
  if (after === null || (before !== null && after >= before)) return
  const used = await projects.count(row.organization_id)
  if (used <= after) return
  throw conflict(
    tierId === row.tier_id ? 'slotPacks' : 'tierId',
    `This would allow ${after} projects, and there are ${used}; remove ${used - after} of them first, or keep more slot packs`,
  )
}

/** @throws DomainError CONFLICT for what must not be changed so */
const assertMayChange = async (
  context: DomainContext,
  stores: Stores,
  row: SubscriptionRow,
  change: SubscriptionChange,
): Promise<void> => {
  const before = purchaseOf(row)
  const purchase = purchaseAfter(before, change)
  if (isSamePurchase(before, purchase)) return
  if (row.status === 'past_due') {
    throw new DomainError('CONFLICT', {
      message: 'The last payment failed, so nothing more can be bought; pay in the portal first',
    })
  }
  if (purchase.seatCount !== before.seatCount || purchase.tierId !== before.tierId)
    assertSeatCount(purchase, await countSeats(context, stores, row.organization_id))
  await assertProjects(stores, row, purchase)
}

const nothingToChange = (): DomainError =>
  new DomainError('CONFLICT', {
    message: 'This organization has no subscription to change; begin with a checkout',
  })

const findLive = async (context: DomainContext, stores: Stores, organizationId: string) => {
  const row = await findSubscription(context, stores, organizationId)
  if (isLive(row)) return row
  throw nothingToChange()
}

const changesNothing = (row: SubscriptionRow, change: SubscriptionChange): boolean => {
  const [purchase, isEnding] = [purchaseOf(row), row.cancel_at_period_end === 1]
  return (
    isSamePurchase(purchase, purchaseAfter(purchase, change)) &&
    (change.cancelAtPeriodEnd ?? isEnding) === isEnding
  )
}

/**
 * Changes what is paid for, to absolute values.
 * @throws DomainError CONFLICT without a subscription, for less than is in use, after a failed payment, and if a payment
 *   is declined; SERVICE_UNAVAILABLE
 */
export const updateSubscription = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  change: SubscriptionChange,
): Promise<SubscriptionOverview> => {
  const { storage, payments, logger } = context
  const row = await findLive(context, storage, organizationId)
  assertHeldHere(context, row)
  await assertMayChange(context, storage, row, change)
  if (changesNothing(row, change)) return getSubscription(context, organizationId)
  await syncSubscription(context, {
    organizationId,
    actor,
    ask: held => payments.changeSubscription(held, change),
    // Once more with the organization held, so that nobody takes the seat or slot meanwhile. What is changed at Stripe
    // by now cannot be refused any more.
    alongside: async stores => {
      if (payments.name === 'sandbox')
        await assertMayChange(context, stores, await findLive(context, stores, organizationId), change)
      return true
    },
  })
  logger.info(
    { event: 'subscription.updated', organizationId, by: actor.principal.credentialId },
    'subscription updated',
  )
  const overview = await getSubscription(context, organizationId)
  // It may have ended at the provider before we heard of it.
  if (!isLive(overview.subscription)) throw nothingToChange()
  return overview
}
