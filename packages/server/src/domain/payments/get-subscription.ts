import type { SubscriptionRow } from '../../storage/stores/subscription-store'
import type { DomainContext } from '../domain-context'
import { decidePlan, type PlanInForce } from '../plans/decide-plan'
import { findSubscription } from '../plans/find-subscription'

/** What an organization pays for, and what that allows. */
export interface SubscriptionOverview {
  readonly plan: PlanInForce
  /** As it stands now; undefined: nothing was ever bought. */
  readonly subscription: SubscriptionRow | undefined
  readonly provider: 'sandbox' | 'stripe'
}

export const getSubscription = async (
  context: DomainContext,
  organizationId: string,
): Promise<SubscriptionOverview> => {
  const subscription = await findSubscription(context, context.storage, organizationId)
  return {
    plan: decidePlan(subscription, context.settings.defaultPlan),
    subscription,
    provider: (subscription?.provider as 'sandbox' | 'stripe' | undefined) ?? context.payments.name,
  }
}
