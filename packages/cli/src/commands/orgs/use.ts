import type { useSpec } from '../../command-tree/orgs'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { findOrganization } from '../../http/organizations'
import { withClient } from '../../http/with-client'
import { useOrganization } from './default-organization'
import { organizationText } from './named-organization'

export const run: Run<typeof useSpec> = async (context, { args: [idOrSlug] }) => {
  const organization = await withClient(context, { prefer: 'key', scopes: ['user:read'] }, open =>
    findOrganization(open, idOrSlug),
  )
  await useOrganization(context, organization)
  const sentence = `Commands work in ${organizationText(organization)} from now on.`
  await context.output.done(sentence, organization.id, organization)
  return EXIT.OK
}
