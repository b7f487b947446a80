import type { Stores } from '../../storage/storage'
import type { DomainContext } from '../domain-context'
import { findPlan } from './find-plan'
import { planLimitReached } from './plan-limit-reached'

/**
 * Makes sure that the plan has room for one more project, which the same transaction then inserts; of two at the same
 * time the second one counts with the first. The organization must be locked.
 * @throws DomainError PLAN_LIMIT_REACHED
 */
export const assertProjectSlot = async (
  context: DomainContext,
  stores: Stores,
  organizationId: string,
): Promise<void> => {
  const plan = await findPlan(context, stores, organizationId)
  if (plan.projects === null) return
  const count = await stores.projects.count(organizationId)
  if (count >= plan.projects) throw planLimitReached(plan, 'projects', plan.projects)
}
