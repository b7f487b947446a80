import type { Stores } from '../../storage/storage'
import type { DomainContext } from '../domain-context'
import { decidePlan, type PlanInForce } from './decide-plan'
import { findSubscription } from './find-subscription'

/** The plan of an organization, with what it allows. */
export const findPlan = async (
  context: Pick<DomainContext, 'clock' | 'payments' | 'settings'>,
  stores: Pick<Stores, 'subscriptions'>,
  organizationId: string,
): Promise<PlanInForce> =>
  decidePlan(await findSubscription(context, stores, organizationId), context.settings.defaultPlan)
