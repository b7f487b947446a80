import type { DomainContext } from '../domain-context'
import { isLive } from '../plans/decide-plan'
import { assertHeldHere } from './assert-held-here'
import { stateOf } from './state-of'
import { syncSubscription } from './sync-subscription'

/** Nobody may pay for an organization that is about to go. */
const expireCheckouts = async (
  { storage, payments, clock }: DomainContext,
  organizationId: string,
): Promise<void> => {
  for (const checkout of await storage.checkouts.listOpen(organizationId, payments.name, clock())) {
    await payments.expireCheckout(checkout.id)
    await storage.checkouts.close(checkout, 'expired')
  }
}

/**
 * Ends what an organization pays for, at once, and what it has begun to buy. Call it before the organization is deleted,
 * outside of any transaction and within `tryUntilUnpaid`: otherwise its owner goes on paying for what is gone. Without a subscription it does nothing.
 * @throws DomainError SERVICE_UNAVAILABLE if the payment provider is away: do not delete the organization then
 */
export const endSubscription = async (context: DomainContext, organizationId: string): Promise<void> => {
  const { storage, payments, logger } = context
  await expireCheckouts(context, organizationId)
  const held = await storage.subscriptions.find(organizationId)
  // Whatever the row says: the provider may know of more.
  if (!held || (held.provider === 'sandbox' && payments.name !== 'sandbox')) return
  if (held.provider !== payments.name && held.status !== 'active' && held.status !== 'past_due') return
  assertHeldHere(context, held)
  await syncSubscription(context, {
    organizationId,
    actor: undefined,
    // What the provider knows nothing of takes no money.
    ask: async current =>
      (await payments.endSubscription(current)) ??
      (isLive(current) ? { ...stateOf(current), status: 'canceled' } : undefined),
  })
  logger.info({ event: 'subscription.ended', organizationId }, 'subscription ended')
}
