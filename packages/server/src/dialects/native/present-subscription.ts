import type { BillingInterval, BillingSettings, PaidPlanId, Subscription, Usage } from '@snoop/sdk/contract'
import type { SubscriptionOverview } from '../../domain/payments/get-subscription'
import type { PlanUsage } from '../../domain/payments/get-usage'
import type { BillingSettingsRow } from '../../domain/records'
import { toTimestampOrNull } from '../../http/timestamp'

export const presentSubscription = ({
  plan,
  subscription: row,
  provider,
}: SubscriptionOverview): Subscription => {
  return {
    plan: plan.id,
    status: (row?.status ?? 'none') as Subscription['status'],
    tierId: (row?.tier_id ?? null) as PaidPlanId | null,
    interval: (row?.billing_interval ?? null) as BillingInterval | null,
    seatCount: row?.seat_count ?? null,
    slotPacks: row?.slot_packs ?? null,
    currentPeriodStart: toTimestampOrNull(row?.current_period_start ?? null),
    currentPeriodEnd: toTimestampOrNull(row?.current_period_end ?? null),
    cancelAtPeriodEnd: row?.cancel_at_period_end === 1,
    provider,
  }
}

export const presentUsage = ({ plan, seats, projects, websites, creditBalance }: PlanUsage): Usage => ({
  plan: plan.id,
  seats: { used: seats, limit: plan.seats },
  projects: { used: projects, limit: plan.projects },
  websites: { used: websites, limit: plan.websites },
  apiAccess: plan.apiAccess,
  requestsPerMinute: plan.requestsPerMinute,
  credits: { balance: creditBalance },
})

/** @param row undefined: never set */
export const presentBillingSettings = (row: BillingSettingsRow | undefined): BillingSettings => ({
  email: row?.email ?? null,
  companyName: row?.company_name ?? null,
  taxId: row?.tax_id ?? null,
  addressLine1: row?.address_line1 ?? null,
  addressLine2: row?.address_line2 ?? null,
  postalCode: row?.postal_code ?? null,
  city: row?.city ?? null,
  country: row?.country ?? null,
  updatedAt: toTimestampOrNull(row?.updated_at ?? null),
})
