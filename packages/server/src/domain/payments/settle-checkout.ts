import type { Stores } from '../../storage/storage'
import type { CheckoutRow } from '../../storage/stores/checkout-store'
import type { DomainContext } from '../domain-context'
import { addCredits } from './add-credits'
import { syncSubscription } from './sync-subscription'

/** @returns false: what it stands for has been done before */
export type Mark = (stores: Stores) => Promise<boolean>

const always: Mark = async () => true

const settleCredits = async (context: DomainContext, checkout: CheckoutRow, mark: Mark): Promise<void> => {
  const { storage } = context
  const { organization_id: organizationId, id: checkoutId, credits } = checkout
  await storage.transaction(async stores => {
    // First of all, as who deletes it does: neither waits for the other in a circle.
    if (!(await stores.organizations.lock(organizationId)) || !(await mark(stores))) return
    // Paid is paid, also if it was closed here just before: the entry itself counts once.
    await stores.checkouts.close(checkout, 'complete')
    if (credits !== null) await addCredits(context, stores, { organizationId, credits, checkoutId })
  })
}

const settleSubscription = (context: DomainContext, checkout: CheckoutRow, mark: Mark): Promise<void> => {
  const { payments } = context
  return syncSubscription(context, {
    organizationId: checkout.organization_id,
    actor: undefined,
    ask: held => payments.readSubscription(held),
    alongside: async stores => {
      if (!(await mark(stores))) return false
      await stores.checkouts.close(checkout, 'complete')
      return true
    },
  })
}

/**
 * Asks the provider about a checkout and takes what was paid into account: once, however often and by whomever it is
 * asked at the same time.
 * @param mark what belongs into the same transaction
 * @throws DomainError SERVICE_UNAVAILABLE
 */
export const settleCheckout = async (
  context: DomainContext,
  checkout: CheckoutRow,
  mark: Mark = always,
): Promise<void> => {
  const status = await context.payments.readCheckout(checkout)
  if (status === 'complete') {
    const settle = checkout.kind === 'credits' ? settleCredits : settleSubscription
    return settle(context, checkout, mark)
  }
  await context.storage.transaction(async stores => {
    if ((await mark(stores)) && status === 'expired') await stores.checkouts.close(checkout, 'expired')
  })
}
