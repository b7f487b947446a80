import type { SubscriptionRow } from '../../storage/stores/subscription-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { billingDetailsOf, getBillingSettings } from './get-billing-settings'

/** A row that tells of nothing but a customer: whatever is bought later is written over it. */
const nothingBought = (
  organizationId: string,
  provider: string,
  customerId: string,
  now: number,
): SubscriptionRow => ({
  organization_id: organizationId,
  provider,
  customer_id: customerId,
  subscription_id: null,
  tier_id: 'free',
  billing_interval: 'month',
  seat_count: 0,
  slot_packs: 0,
  status: 'none',
  current_period_start: now,
  current_period_end: now,
  cancel_at_period_end: 0,
  sandbox_card: null,
  sync_generation: 0,
  created_at: now,
  updated_at: now,
})

/**
 * The customer that an organization is at the payment provider, made at its first checkout and kept from then on.
 * @returns null: the provider keeps no customers
 * @throws DomainError FORBIDDEN if the organization is gone; SERVICE_UNAVAILABLE
 */
export const keepCustomer = async (
  context: DomainContext,
  organizationId: string,
): Promise<string | null> => {
  const { storage, payments, clock } = context
  const known = await storage.subscriptions.find(organizationId)
  if (known?.customer_id && known.provider === payments.name) return known.customer_id
  const details = billingDetailsOf(await getBillingSettings(context, organizationId))
  const customerId = await payments.createCustomer(organizationId, details)
  if (customerId === null) return null
  return storage.transaction(async ({ organizations, subscriptions }) => {
    if (!(await organizations.lock(organizationId))) throw new DomainError('FORBIDDEN')
    await subscriptions.insert(nothingBought(organizationId, payments.name, customerId, clock()))
    const kept = await subscriptions.find(organizationId)
    return kept?.customer_id ?? customerId
  })
}
