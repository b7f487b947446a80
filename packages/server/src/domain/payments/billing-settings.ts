import type { BillingSettingsRow } from '../../storage/stores/billing-settings-store'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import type { Actor } from '../principals/actor'
import type { BillingDetails } from './payment-provider'

/** What is undefined stays; null empties. */
export type BillingDetailsChange = {
  readonly [Name in keyof BillingDetails]?: BillingDetails[Name] | undefined
}

const NOTHING_KNOWN: BillingDetails = {
  email: null,
  companyName: null,
  taxId: null,
  addressLine1: null,
  addressLine2: null,
  postalCode: null,
  city: null,
  country: null,
}

const detailsOf = (row: BillingSettingsRow): BillingDetails => ({
  email: row.email,
  companyName: row.company_name,
  taxId: row.tax_id,
  addressLine1: row.address_line1,
  addressLine2: row.address_line2,
  postalCode: row.postal_code,
  city: row.city,
  country: row.country,
})

/** What invoices are made out to, for the provider. */
export const readBillingDetails = async (
  { storage }: DomainContext,
  organizationId: string,
): Promise<BillingDetails> => {
  const row = await storage.billingSettings.find(organizationId)
  return row ? detailsOf(row) : NOTHING_KNOWN
}

/** @returns undefined: never set */
export const getBillingSettings = (
  { storage }: DomainContext,
  organizationId: string,
): Promise<BillingSettingsRow | undefined> => storage.billingSettings.find(organizationId)

const merge = (before: BillingDetails, change: BillingDetailsChange): BillingDetails => {
  const given = Object.entries(change).filter(([, value]) => value !== undefined)
  return { ...before, ...Object.fromEntries(given) }
}

/** The provider's invoices are to show it, if it makes any. */
const tellProvider = async (
  { storage, payments }: DomainContext,
  organizationId: string,
  details: BillingDetails,
): Promise<void> => {
  const held = await storage.subscriptions.find(organizationId)
  if (held?.customer_id && held.provider === payments.name)
    await payments.updateCustomer(held.customer_id, details)
}

/** @throws DomainError SERVICE_UNAVAILABLE */
export const updateBillingSettings = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  change: BillingDetailsChange,
): Promise<BillingSettingsRow | undefined> => {
  const { storage, clock } = context
  await tellProvider(
    context,
    organizationId,
    merge(await readBillingDetails(context, organizationId), change),
  )
  return storage.transaction(async stores => {
    await stores.organizations.lock(organizationId)
    const row = await stores.billingSettings.find(organizationId)
    const details = merge(row ? detailsOf(row) : NOTHING_KNOWN, change)
    await stores.billingSettings.put({
      organization_id: organizationId,
      email: details.email,
      company_name: details.companyName,
      tax_id: details.taxId,
      address_line1: details.addressLine1,
      address_line2: details.addressLine2,
      postal_code: details.postalCode,
      city: details.city,
      country: details.country,
      updated_at: clock(),
    })
    const written = await stores.billingSettings.find(organizationId)
    await recordAct(context, stores, actor, {
      organizationId,
      action: 'billing_settings.updated',
      resource: { type: 'billing_settings', id: organizationId },
      // Names alone: the log outlives the organization, and its addresses are nobody's business then.
      details: {
        fields: Object.keys(change).filter(name => change[name as keyof BillingDetails] !== undefined),
      },
    })
    return written
  })
}
