import type { Organization } from '@snoop/sdk'
import type { showSpec } from '../../command-tree/orgs'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import type { Field } from '../../output/output'
import { relativeTime } from '../../output/relative-time'
import { namedOrganization } from './named-organization'

const organizationFields = (nowMs: number): Field<Organization>[] => {
  const time = (label: string, value: (organization: Organization) => string): Field<Organization> => ({
    label,
    value,
    human: organization => relativeTime(value(organization), nowMs),
  })
  return [
    { label: 'id', value: ({ id }) => id },
    { label: 'slug', value: ({ slug }) => slug },
    { label: 'name', value: ({ name }) => name },
    { label: 'your role', value: ({ role }) => role },
    { label: 'members', value: ({ memberCount }) => String(memberCount) },
    time('created', ({ createdAt }) => createdAt),
    time('updated', ({ updatedAt }) => updatedAt),
  ]
}

export const run: Run<typeof showSpec> = async (context, { args: [idOrSlug] }) => {
  const organization = await withClient(context, { prefer: 'key', scopes: ['user:read'] }, open =>
    namedOrganization(context, open, idOrSlug),
  )
  await context.output.show(organization, organizationFields(context.around.now()))
  return EXIT.OK
}
