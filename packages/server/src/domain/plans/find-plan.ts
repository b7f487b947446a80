import type { Stores } from '../../storage/storage'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { decidePlan, type PlanInForce } from './decide-plan'
import { findSubscription } from './find-subscription'

/** The plan of an organization, with what it allows. */
export const findPlan = async (
  context: Pick<DomainContext, 'clock' | 'payments' | 'settings'>,
  stores: Pick<Stores, 'subscriptions'>,
  organizationId: string,
): Promise<PlanInForce> =>
  decidePlan(await findSubscription(context, stores, organizationId), context.settings.defaultPlan)

/** @param more what there would be one more of, such as `projects` */
export const planLimitReached = (plan: PlanInForce, more: 'seats' | 'projects', limit: number): DomainError =>
  new DomainError('PLAN_LIMIT_REACHED', {
    message: `The ${plan.id} plan allows this organization ${limit} ${more}; upgrade it, or remove one first`,
    detail: { planLimit: { resource: more, limit, plan: plan.id } },
  })
