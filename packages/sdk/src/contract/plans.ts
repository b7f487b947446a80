/** Plans, from the smallest to the largest. */
export const PLAN_IDS = ['free', 'starter', 'pro', 'business'] as const
export type PlanId = (typeof PLAN_IDS)[number]

/** Plans that are paid for. */
export const PAID_PLAN_IDS = ['starter', 'pro', 'business'] as const
export type PaidPlanId = (typeof PAID_PLAN_IDS)[number]

export const BILLING_INTERVALS = ['month', 'year'] as const
export type BillingInterval = (typeof BILLING_INTERVALS)[number]

export interface Plan {
  /** Members and pending invitations. Of a paid plan: how many can be bought at most. */
  readonly seats: number
  /** Null: as many as one likes. */
  readonly projects: number | null
  /** Of the monitoring API. */
  readonly websites: number
  /** Whether the monitoring API may be used. */
  readonly apiAccess: boolean
  /** Calls of the monitoring API in a minute. */
  readonly requestsPerMinute: number
  /** For one seat, in US cents, by the sandbox; Stripe has prices of its own. */
  readonly seatPrice: Readonly<Record<BillingInterval, number>>
}

/** What each plan allows: the one table of it. */
export const PLANS: Readonly<Record<PlanId, Plan>> = {
  free: {
    seats: 3,
    projects: 5,
    websites: 1,
    apiAccess: false,
    requestsPerMinute: 0,
    seatPrice: { month: 0, year: 0 },
  },
  starter: {
    seats: 10,
    projects: 25,
    websites: 5,
    apiAccess: true,
    requestsPerMinute: 5,
    seatPrice: { month: 900, year: 9_000 },
  },
  pro: {
    seats: 50,
    projects: 100,
    websites: 25,
    apiAccess: true,
    requestsPerMinute: 20,
    seatPrice: { month: 1_900, year: 19_000 },
  },
  business: {
    seats: 1_000,
    projects: null,
    websites: 100,
    apiAccess: true,
    requestsPerMinute: 60,
    seatPrice: { month: 3_900, year: 39_000 },
  },
}

/** What a slot pack adds to a paid plan. */
export const SLOT_PACK = { projects: 5, price: { month: 500, year: 5_000 } } as const
export const MAX_SLOT_PACKS = 100

/** A credit costs so many US cents in the sandbox. */
export const CREDIT_PRICE = 1
