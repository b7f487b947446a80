import { usageError } from '../../cli-error'
import type { updateSpec } from '../../command-tree/orgs'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { followNewSlug } from './default-organization'
import { namedOrganization, organizationText } from './named-organization'

export const run: Run<typeof updateSpec> = async (context, { args: [idOrSlug], options: { name, slug } }) => {
  const change = { ...(name !== undefined && { name }), ...(slug !== undefined && { slug }) }
  if (Object.keys(change).length === 0) {
    throw usageError('There is nothing to change.', 'Give --name or --slug.')
  }
  const scopes = ['user:read', 'user:write'] as const
  const organization = await withClient(context, { prefer: 'key', scopes }, async open => {
    const { id } = await namedOrganization(context, open, idOrSlug)
    return open.client.organizations.update({ organizationId: id, ...change }, open.call)
  })
  await followNewSlug(context, organization)
  const sentence = `Changed ${organizationText(organization)}.`
  await context.output.done(sentence, organization.id, organization)
  return EXIT.OK
}
