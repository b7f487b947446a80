import { type PaidPlanId, PLANS, type Plan, type PlanId, SLOT_PACK } from '@snoop/sdk/contract'
import type { SubscriptionRow } from '../../storage/stores/subscription-store'

/** The plan whose limits count for an organization now. */
export interface PlanInForce
  extends Pick<Plan, 'seats' | 'projects' | 'websites' | 'apiAccess' | 'requestsPerMinute'> {
  readonly id: PlanId
}

/** A plan that nobody pays for, as a whole. */
const unpaid = (id: PlanId): PlanInForce => ({ ...PLANS[id], id })

/** What was bought: so many seats, and projects besides those of the plan. */
const paid = ({ tier_id, seat_count, slot_packs }: SubscriptionRow): PlanInForce => {
  const id = tier_id as PaidPlanId
  const { projects } = PLANS[id]
  return {
    ...unpaid(id),
    seats: seat_count,
    projects: projects === null ? null : projects + slot_packs * SLOT_PACK.projects,
  }
}

/**
 * The plan in force. Pure.
 * @param subscription as it stands now; undefined: nothing was ever bought
 * @param defaultPlan of organizations that pay for none
 */
export const decidePlan = (subscription: SubscriptionRow | undefined, defaultPlan: PlanId): PlanInForce =>
  subscription && subscription.status !== 'canceled' ? paid(subscription) : unpaid(defaultPlan)
