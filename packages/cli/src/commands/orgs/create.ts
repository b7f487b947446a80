import type { createSpec } from '../../command-tree/orgs'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { useOrganization } from './default-organization'
import { organizationText } from './named-organization'

export const run: Run<typeof createSpec> = async (context, { args: [name], options: { slug, use } }) => {
  const organization = await withClient(
    context,
    { prefer: 'key', scopes: ['user:write'] },
    ({ client, call }) => client.organizations.create({ name, ...(slug !== undefined && { slug }) }, call),
  )
  if (use) await useOrganization(context, organization)
  const inUse = use ? ' Commands work in it from now on.' : ''
  const sentence = `Created ${organizationText(organization)}.${inUse}`
  await context.output.done(sentence, organization.id, organization)
  if (!use) context.output.note(`  Work in it:  snoop orgs use ${organization.slug}`)
  return EXIT.OK
}
