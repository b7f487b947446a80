import type { Stores } from '../../storage/storage'
import type { DomainContext } from '../domain-context'
import { countSeats } from './count-seats'
import { findPlan } from './find-plan'
import { planLimitReached } from './plan-limit-reached'

/**
 * Makes sure that the plan has seats for what the transaction has just inserted. The organization must be locked.
 * @throws DomainError PLAN_LIMIT_REACHED: the transaction must not be committed
 */
export const assertSeats = async (
  context: DomainContext,
  stores: Stores,
  organizationId: string,
): Promise<void> => {
  const plan = await findPlan(context, stores, organizationId)
  if ((await countSeats(context, stores, organizationId)) > plan.seats)
    throw planLimitReached(plan, 'seats', plan.seats)
}
