import type { Usage } from '@snoop/sdk/contract'
import type { usageSpec } from '../../command-tree/billing'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withOrganization } from '../../http/with-organization'
import type { Field } from '../../output/output'

interface UsageLine {
  readonly what: string
  readonly used: string
  readonly limit: string
}

const usageLines = ({
  seats,
  projects,
  websites,
  apiAccess,
  requestsPerMinute,
  credits,
}: Usage): UsageLine[] => [
  { what: 'seats', used: String(seats.used), limit: String(seats.limit ?? 'none') },
  { what: 'projects', used: String(projects.used), limit: String(projects.limit ?? 'none') },
  { what: 'websites', used: String(websites.used), limit: String(websites.limit) },
  { what: 'API calls a minute', used: '', limit: apiAccess ? String(requestsPerMinute) : '0' },
  { what: 'credits left', used: '', limit: String(credits.balance) },
]

const fields: Field<UsageLine>[] = [
  { label: 'WHAT', value: ({ what }) => what, isId: true },
  { label: 'USED', value: ({ used }) => used },
  { label: 'LIMIT', value: ({ limit }) => limit },
]

export const run: Run<typeof usageSpec> = async context => {
  const { output } = context
  const usage = await withOrganization(context, ['subscription:read'], ({ client, call }, organizationId) =>
    client.payments.usage({ organizationId }, call),
  )
  if (output.json) await output.value(usage)
  else await output.list(usageLines(usage), fields, `Plan ${usage.plan}.`)
  return EXIT.OK
}
