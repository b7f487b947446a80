import type { BillingSettingsRow } from '../../storage/stores/billing-settings-store'
import type { DomainContext } from '../domain-context'
import type { BillingDetails } from './payment-provider'

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

/** @param row undefined: never set */
export const billingDetailsOf = (row: BillingSettingsRow | undefined): BillingDetails =>
  row
    ? {
        email: row.email,
        companyName: row.company_name,
        taxId: row.tax_id,
        addressLine1: row.address_line1,
        addressLine2: row.address_line2,
        postalCode: row.postal_code,
        city: row.city,
        country: row.country,
      }
    : NOTHING_KNOWN

/** @returns undefined: never set */
export const getBillingSettings = (
  { storage }: DomainContext,
  organizationId: string,
): Promise<BillingSettingsRow | undefined> => storage.billingSettings.find(organizationId)
