import type { Stores } from '../../storage/storage'
import type { DomainContext } from '../domain-context'
import { findPlan } from './find-plan'
import { planLimitReached } from './plan-limit-reached'

/**
 * Makes sure that the plan has room for one more website, which the same transaction then inserts. The organization must
 * be locked.
 * @throws DomainError PLAN_LIMIT_REACHED
 */
export const assertWebsiteSlot = async (
  context: DomainContext,
  stores: Stores,
  organizationId: string,
): Promise<void> => {
  const plan = await findPlan(context, stores, organizationId)
  const count = await stores.websites.count(organizationId)
  if (count >= plan.websites) throw planLimitReached(plan, 'websites', plan.websites)
}
