import { type PaidPlanId, PLANS, type Plan, type PlanId, SLOT_PACK } from '@snoop/sdk/contract'
import type { SubscriptionRow } from '../../storage/stores/subscription-store'

/** The plan whose limits count for an organization now. */
export interface PlanInForce
  extends Pick<Plan, 'seats' | 'projects' | 'websites' | 'apiAccess' | 'requestsPerMinute'> {
  readonly id: PlanId
}

type LiveSubscription = SubscriptionRow & { readonly status: 'active' | 'past_due' }

/** Whether its plan counts. @param subscription as it stands now */
export const isLive = (subscription: SubscriptionRow | undefined): subscription is LiveSubscription =>
  subscription?.status === 'active' || subscription?.status === 'past_due'

/** A plan that nobody pays for, as a whole. */
const unpaid = (id: PlanId): PlanInForce => ({ ...PLANS[id], id })

type Bought = Pick<SubscriptionRow, 'tier_id' | 'seat_count' | 'slot_packs'>

/** What was bought: so many seats, and projects besides those of the plan. */
export const paid = ({ tier_id, seat_count, slot_packs }: Bought): PlanInForce => {
  const id = tier_id as PaidPlanId
  const { seats, projects } = PLANS[id]
  return {
    ...unpaid(id),
    // A provider's own pages may sell more.
    seats: Math.min(seat_count, seats),
    projects: projects === null ? null : projects + slot_packs * SLOT_PACK.projects,
  }
}

/**
 * The plan in force. Pure.
 * @param subscription as it stands now; undefined: nothing was ever bought
 * @param defaultPlan of organizations that pay for none
 */
export const decidePlan = (subscription: SubscriptionRow | undefined, defaultPlan: PlanId): PlanInForce =>
  isLive(subscription) ? paid(subscription) : unpaid(defaultPlan)
