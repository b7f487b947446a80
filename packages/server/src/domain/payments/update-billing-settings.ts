import type { BillingSettingsRow } from '../../storage/stores/billing-settings-store'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { withPermissionLocked } from '../members/with-permission-locked'
import type { Actor } from '../principals/actor'
import { billingDetailsOf, getBillingSettings } from './get-billing-settings'
import type { BillingDetails } from './payment-provider'

/** What is undefined stays; null empties. */
export type BillingDetailsChange = {
  readonly [Name in keyof BillingDetails]?: BillingDetails[Name] | undefined
}

const merge = (before: BillingDetails, given: readonly (readonly [string, unknown])[]): BillingDetails => ({
  ...before,
  ...Object.fromEntries(given),
})

const toRow = (organizationId: string, details: BillingDetails, now: number): BillingSettingsRow => ({
  organization_id: organizationId,
  email: details.email,
  company_name: details.companyName,
  tax_id: details.taxId,
  address_line1: details.addressLine1,
  address_line2: details.addressLine2,
  postal_code: details.postalCode,
  city: details.city,
  country: details.country,
  updated_at: now,
})

/**
 * The provider's invoices are to show it, if it makes any. Looks again after telling: of two who tell different things at
 * once, whoever is heard last finds out whether it was the newest.
 */
const tellProvider = async (context: DomainContext, organizationId: string): Promise<void> => {
  const { storage, payments } = context
  const held = await storage.subscriptions.find(organizationId)
  if (!held?.customer_id || held.provider !== payments.name) return
  for (let told = ''; ; ) {
    const details = billingDetailsOf(await getBillingSettings(context, organizationId))
    const text = JSON.stringify(details)
    if (text === told) return
    await payments.updateCustomer(held.customer_id, details)
    told = text
  }
}

/**
 * @throws DomainError FORBIDDEN or INSUFFICIENT_PERMISSIONS for who may not do it (any more); SERVICE_UNAVAILABLE if the
 *   provider could not be told: it is written here then, and sending it again tells the provider
 */
export const updateBillingSettings = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  change: BillingDetailsChange,
): Promise<BillingSettingsRow> => {
  const given = Object.entries(change).filter(([, value]) => value !== undefined)
  const permission = 'organization:manage-billing'
  const written = await withPermissionLocked(context, actor, organizationId, permission, async stores => {
    const before = billingDetailsOf(await stores.billingSettings.find(organizationId))
    const row = toRow(organizationId, merge(before, given), context.clock())
    await stores.billingSettings.put(row)
    await recordAct(context, stores, actor, {
      organizationId,
      action: 'billing_settings.updated',
      resource: { type: 'billing_settings', id: organizationId },
      // Names alone: the log outlives the organization, and its addresses are nobody's business then.
      details: { fields: given.map(([name]) => name) },
    })
    return row
  })
  await tellProvider(context, organizationId)
  return written
}
