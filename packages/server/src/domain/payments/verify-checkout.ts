import type { CheckoutStatus } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'
import { notFoundHere } from '../not-found-here'
import type { Principal } from '../principals/principal'
import { getSubscription, type SubscriptionOverview } from './get-subscription'
import { settleCheckout } from './settle-checkout'

/** What became of a checkout, and what the organization pays for now. */
export interface PaymentOutcome {
  readonly sessionId: string
  readonly status: CheckoutStatus
  readonly overview: SubscriptionOverview
}

/**
 * Finds out whether a checkout was paid, and takes it into account.
 * @throws DomainError NOT_FOUND, TENANT_VIOLATION; SERVICE_UNAVAILABLE
 */
export const verifyCheckout = async (
  context: DomainContext,
  principal: Principal,
  organizationId: string,
  sessionId: string,
): Promise<PaymentOutcome> => {
  const { checkouts } = context.storage
  const checkout = await checkouts.find(organizationId, sessionId)
  if (!checkout || checkout.kind === 'portal') {
    throw await notFoundHere(principal, 'checkout', userId => checkouts.existsForMember(userId, sessionId))
  }
  if (checkout.status === 'open' && checkout.provider === context.payments.name)
    await settleCheckout(context, checkout)
  const settled = await checkouts.find(organizationId, sessionId)
  return {
    sessionId,
    status: (settled ?? checkout).status as CheckoutStatus,
    overview: await getSubscription(context, organizationId),
  }
}
