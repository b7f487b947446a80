import type { BillingDetails } from '../payment-provider'

const withoutEmpty = <T extends object>(fields: T): { [Name in keyof T]?: Exclude<T[Name], null> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as {
    [Name in keyof T]?: Exclude<T[Name], null>
  }

const addressOf = (details: BillingDetails) => ({
  line1: details.addressLine1,
  line2: details.addressLine2,
  postal_code: details.postalCode,
  city: details.city,
  country: details.country,
})

/** Shown on every invoice, as Stripe checks tax ids only of kinds that it knows. */
const taxIdField = (taxId: string) => [{ name: 'Tax ID', value: taxId }]

/** A new customer. Pure. */
export const newCustomer = (details: BillingDetails) => {
  const { email, companyName, taxId } = details
  const address = withoutEmpty(addressOf(details))
  return {
    ...withoutEmpty({ email, name: companyName }),
    ...(Object.keys(address).length > 0 && { address }),
    ...(taxId !== null && { invoice_settings: { custom_fields: taxIdField(taxId) } }),
  }
}

/** A customer that is known already: what is empty is emptied there. Pure. */
export const changedCustomer = (details: BillingDetails) => {
  const address = withoutEmpty(addressOf(details))
  return {
    email: details.email ?? '',
    name: details.companyName ?? '',
    address: Object.keys(address).length > 0 ? address : ('' as const),
    invoice_settings: { custom_fields: details.taxId === null ? ('' as const) : taxIdField(details.taxId) },
  }
}
