import type { Stores } from '../../storage/storage'
import type { DomainContext } from '../domain-context'
import { isLive } from '../plans/decide-plan'
import { findSubscription } from '../plans/find-subscription'

/** Whether an organization pays for something, or has begun to. The organization must be locked. */
export const isPaidFor = async (
  context: DomainContext,
  stores: Stores,
  organizationId: string,
): Promise<boolean> => {
  if (isLive(await findSubscription(context, stores, organizationId))) return true
  const { payments, clock } = context
  return (await stores.checkouts.listOpen(organizationId, payments.name, clock())).length > 0
}
