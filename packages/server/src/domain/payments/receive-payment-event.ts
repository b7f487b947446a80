import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { PaymentEvent, PaymentSubject } from './payment-provider'
import { type Mark, settleCheckout } from './settle-checkout'
import { syncSubscription } from './sync-subscription'

/** Somebody pays for nothing: only the operator can give it back. */
const warnOfStray = (
  { logger }: DomainContext,
  id: string,
  { organizationId, customerId }: PaymentSubject,
): void =>
  logger.warn(
    { event: 'payments.stray', id, organizationId, customerId },
    'a payment belongs to no organization here; end or refund it at the payment provider',
  )

const apply = async (context: DomainContext, event: PaymentEvent, mark: Mark): Promise<void> => {
  const { storage, payments } = context
  if (event.subject) {
    const { organizationId, customerId, checkoutId } = event.subject
    const checkout =
      checkoutId === undefined ? undefined : await storage.checkouts.find(organizationId, checkoutId)
    if (checkout) return settleCheckout(context, checkout, mark)
    const held = await storage.subscriptions.find(organizationId)
    if (held?.customer_id === customerId && held.provider === payments.name) {
      return syncSubscription(context, {
        organizationId,
        actor: undefined,
        ask: current => payments.readSubscription(current),
        alongside: mark,
      })
    }
    if (event.subject.isPayment) warnOfStray(context, event.id, event.subject)
  }
  await mark(storage)
}

/**
 * Takes news of the payment provider into account, each once. They only say that something is to be looked at again, so
 * in whatever order they come, what the provider has now is what counts. One that concerns nobody here is only noted.
 * @param body as it was sent
 * @throws DomainError VALIDATION_ERROR for one that is not the provider's; SERVICE_UNAVAILABLE if the provider cannot be
 *   asked: the event is not noted then, and is to be sent again
 */
export const receivePaymentEvent = async (
  context: DomainContext,
  body: string,
  signature: string | undefined,
): Promise<void> => {
  const { storage, payments, clock, logger } = context
  if (!payments.readEvent) throw new DomainError('NOT_FOUND')
  const event = await payments.readEvent(body, signature, clock())
  const { id, type } = event
  if (await storage.paymentEvents.exists(id)) return
  await apply(context, event, stores => stores.paymentEvents.insert({ id, type, created_at: clock() }))
  logger.info({ event: 'payments.event', type, id }, 'payment event taken into account')
}
