import type { Organization } from '@snoop/sdk'
import type { listSpec } from '../../command-tree/orgs'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { listOrganizations } from '../../http/organizations'
import { withClient } from '../../http/with-client'
import type { Field } from '../../output/output'
import { relativeTime } from '../../output/relative-time'

export const run: Run<typeof listSpec> = async context => {
  const organizations = await withClient(context, { prefer: 'key', scopes: ['user:read'] }, listOrganizations)
  const { org } = await context.settings()
  const isChosen = ({ id, slug }: Organization): boolean => org?.value === id || org?.value === slug
  const nowMs = context.around.now()
  const fields: Field<Organization>[] = [
    {
      label: 'SLUG',
      value: organization => organization.slug,
      human: organization => `${organization.slug}${isChosen(organization) ? ' (in use)' : ''}`,
    },
    { label: 'NAME', value: organization => organization.name, isCuttable: true },
    { label: 'ROLE', value: organization => organization.role },
    { label: 'MEMBERS', value: organization => String(organization.memberCount) },
    {
      label: 'CREATED',
      value: organization => organization.createdAt,
      human: organization => relativeTime(organization.createdAt, nowMs),
    },
    { label: 'ID', value: organization => organization.id, isId: true },
  ]
  await context.output.list(organizations, fields)
  return EXIT.OK
}
