import type { CheckoutStatus } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { Principal } from '../principals/principal'
import { getSubscription, type SubscriptionOverview } from './get-subscription'
import { settleCheckout } from './settle-checkout'

/** What became of a checkout, and what the organization pays for now. */
export interface PaymentOutcome {
  readonly sessionId: string
  readonly status: CheckoutStatus
  readonly overview: SubscriptionOverview
}

/** Whether it is of another organization of the same caller may be said; a stranger's must look like nobody's. */
const checkoutNotFound = async (
  { storage }: DomainContext,
  principal: Principal,
  id: string,
): Promise<DomainError> => {
  const isElsewhere =
    principal.pinnedOrganizationId === null && (await storage.checkouts.existsForMember(principal.userId, id))
  return isElsewhere
    ? new DomainError('TENANT_VIOLATION', {
        message: 'This checkout belongs to another of your organizations',
      })
    : new DomainError('NOT_FOUND', { message: 'There is no checkout with this id in this organization' })
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
  if (!checkout || checkout.kind === 'portal') throw await checkoutNotFound(context, principal, sessionId)
  if (checkout.status === 'open' && checkout.provider === context.payments.name)
    await settleCheckout(context, checkout)
  const settled = await checkouts.find(organizationId, sessionId)
  return {
    sessionId,
    status: (settled ?? checkout).status as CheckoutStatus,
    overview: await getSubscription(context, organizationId),
  }
}
