import type { SubscriptionRow } from '../../storage/stores/subscription-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'

/**
 * Makes sure that the server still works with the provider that has a subscription.
 * @throws DomainError SERVICE_UNAVAILABLE: nothing of it can be changed from here
 */
export const assertHeldHere = (
  { payments }: Pick<DomainContext, 'payments'>,
  { provider }: Pick<SubscriptionRow, 'provider'>,
): void => {
  if (provider === payments.name) return
  throw new DomainError('SERVICE_UNAVAILABLE', {
    message: `The subscription is held at ${provider}, which this server is not set up for; ask its operator`,
  })
}
