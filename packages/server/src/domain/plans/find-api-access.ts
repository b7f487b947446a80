import type { PlanId } from '@snoop/sdk/contract'
import type { SubscriptionRow } from '../../storage/stores/subscription-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { decidePlan, type PlanInForce } from './decide-plan'
import { findSubscription } from './find-subscription'

/** The plan that decides how often the monitoring API may be called, or why it may not at all. */
export interface ApiAccess {
  readonly plan: PlanInForce
  /** PLAN_FEATURE_MISSING or SUBSCRIPTION_EXPIRED; undefined: it may be called. */
  readonly refusal: DomainError | undefined
}

/** When a subscription that its owner cancelled ended; undefined if nobody cancelled it, as when it was not paid. */
const cancelledAt = (subscription: SubscriptionRow | undefined, now: number): number | undefined => {
  if (subscription?.status !== 'canceled' || subscription.cancel_at_period_end === 0) return undefined
  const { current_period_end, updated_at } = subscription
  // Its provider may have ended it before its time.
  return current_period_end <= now ? current_period_end : updated_at
}

/**
 * Whether an organization may use the monitoring API: by the plan in force, so a subscription that is past due still counts
 * until its grace is over. Pure.
 * @param subscription as it stands now; undefined: nothing was ever bought
 * @param defaultPlan of organizations that pay for none
 */
export const decideApiAccess = (
  subscription: SubscriptionRow | undefined,
  defaultPlan: PlanId,
  now: number,
): ApiAccess => {
  const plan = decidePlan(subscription, defaultPlan)
  if (plan.apiAccess) return { plan, refusal: undefined }
  const endedAt = cancelledAt(subscription, now)
  const refusal =
    endedAt === undefined
      ? new DomainError('PLAN_FEATURE_MISSING', { detail: { plan: { id: plan.id } } })
      : new DomainError('SUBSCRIPTION_EXPIRED', { detail: { plan: { id: plan.id, endedAt } } })
  return { plan, refusal }
}

/** As `decideApiAccess`, by what the organization pays for now. */
export const findApiAccess = async (context: DomainContext, organizationId: string): Promise<ApiAccess> =>
  decideApiAccess(
    await findSubscription(context, context.storage, organizationId),
    context.settings.defaultPlan,
    context.clock(),
  )
