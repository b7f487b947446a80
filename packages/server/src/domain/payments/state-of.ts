import type { SubscriptionRow } from '../../storage/stores/subscription-store'
import type { SubscriptionState } from './payment-provider'
import { purchaseOf } from './purchase-after'

/** A row of something that was bought, as its provider would say it. Pure. */
export const stateOf = (row: SubscriptionRow): SubscriptionState => ({
  subscriptionId: row.subscription_id ?? '',
  ...purchaseOf(row),
  status: row.status as SubscriptionState['status'],
  startedAt: row.created_at,
  currentPeriodStart: row.current_period_start,
  currentPeriodEnd: row.current_period_end,
  cancelAtPeriodEnd: row.cancel_at_period_end === 1,
  sandboxCard: row.sandbox_card,
})
