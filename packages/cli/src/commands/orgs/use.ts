import type { useSpec } from '../../command-tree/orgs'
import { updateProfile } from '../../config/config-file'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { findOrganization } from '../../http/organizations'
import { withClient } from '../../http/with-client'

export const run: Run<typeof useSpec> = async (context, { args: [idOrSlug] }) => {
  const organization = await withClient(context, { prefer: 'key', scopes: ['user:read'] }, open =>
    findOrganization(open, idOrSlug),
  )
  const { id, slug, name } = organization
  const { profile, origin } = await context.identity()
  await updateProfile(context.directories.config, profile, current => ({
    ...current,
    org: { id, slug, origin },
  }))
  await context.output.done(`Commands work in ${name} (${slug}) from now on.`, id, organization)
  if (context.around.env.SNOOP_ORG) context.output.warn('SNOOP_ORG is set and counts before this.')
  return EXIT.OK
}
