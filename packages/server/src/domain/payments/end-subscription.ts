import type { DomainContext } from '../domain-context'

/**
 * Ends what an organization pays for, before it is deleted: nobody pays for what is gone. Call it outside any
 * transaction, as it may ask the payment provider.
 * @throws DomainError SERVICE_UNAVAILABLE if the provider cannot be reached
 */
export const endSubscription = async (_context: DomainContext, _organizationId: string): Promise<void> => {
  // A subscription of the sandbox is its row, which goes with the organization.
}
