import type { Stores } from '../../storage/storage'
import type { SubscriptionRow } from '../../storage/stores/subscription-store'
import type { DomainContext } from '../domain-context'
import { subscriptionAt } from './subscription-at'

type Clocked = Pick<DomainContext, 'clock' | 'payments'>

/**
 * A subscription as it stands now. What was bought in the sandbox counts for nothing once the server takes money.
 * @returns undefined if nothing was ever bought
 */
export const readSubscription = (
  { clock, payments }: Clocked,
  row: SubscriptionRow | undefined,
): SubscriptionRow | undefined => {
  if (!row || row.status === 'none') return undefined
  if (row.provider === 'sandbox' && payments.name !== 'sandbox') return undefined
  return subscriptionAt(row, clock())
}

/** The subscription of an organization, as it stands now. */
export const findSubscription = async (
  context: Clocked,
  { subscriptions }: Pick<Stores, 'subscriptions'>,
  organizationId: string,
): Promise<SubscriptionRow | undefined> => readSubscription(context, await subscriptions.find(organizationId))
