import type { BillingSettings } from '@snoop/sdk/contract'
import { usageError } from '../../cli-error'
import type { settingsSpec } from '../../command-tree/billing'
import type { CommandInput, Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withOrganization } from '../../http/with-organization'
import type { Field } from '../../output/output'

type SettingName = Exclude<keyof BillingSettings, 'updatedAt'>

const line = (label: string, name: SettingName): Field<BillingSettings> => ({
  label,
  value: settings => settings[name] ?? '',
})

const fields: Field<BillingSettings>[] = [
  line('email', 'email'),
  line('company', 'companyName'),
  line('tax id', 'taxId'),
  line('address', 'addressLine1'),
  line('address, line 2', 'addressLine2'),
  line('postal code', 'postalCode'),
  line('city', 'city'),
  line('country', 'country'),
]

/** The API's fields from the flags that were given; an empty text clears one. */
const settingsInput = ({
  email,
  company,
  taxId,
  addressLine1,
  addressLine2,
  postalCode,
  city,
  country,
}: CommandInput<typeof settingsSpec>['options']) => ({
  ...(email !== undefined && { email: email || null }),
  ...(company !== undefined && { companyName: company || null }),
  ...(taxId !== undefined && { taxId: taxId || null }),
  ...(addressLine1 !== undefined && { addressLine1: addressLine1 || null }),
  ...(addressLine2 !== undefined && { addressLine2: addressLine2 || null }),
  ...(postalCode !== undefined && { postalCode: postalCode || null }),
  ...(city !== undefined && { city: city || null }),
  ...(country !== undefined && { country: country.toUpperCase() || null }),
})

export const run: Run<typeof settingsSpec> = async (context, { args: [action], options }) => {
  const change = settingsInput(options)
  const isChange = Object.keys(change).length > 0
  if (action === 'show') {
    if (isChange) throw usageError('This shows and sets nothing.', 'See:  snoop billing settings set')
    const settings = await withOrganization(
      context,
      ['subscription:read'],
      ({ client, call }, organizationId) => client.payments.billingSettings({ organizationId }, call),
    )
    await context.output.show(settings, fields)
    return EXIT.OK
  }
  if (!isChange) throw usageError('There is nothing to change.', 'See:  snoop billing settings --help')
  const settings = await withOrganization(
    context,
    ['subscription:write'],
    ({ client, call }, organizationId) =>
      client.payments.updateBillingSettings({ organizationId, ...change }, call),
  )
  await context.output.done('Changed what invoices are made out to.', '', settings)
  return EXIT.OK
}
