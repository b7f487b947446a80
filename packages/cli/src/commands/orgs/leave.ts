import type { leaveSpec } from '../../command-tree/orgs'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { confirmLoss } from '../../prompts/ask'
import { LAST_OWNER_HINT, withHints } from '../with-hints'
import { forgetOrganization } from './default-organization'
import { namedOrganization, organizationText } from './named-organization'

export const run: Run<typeof leaveSpec> = async (context, { args: [idOrSlug] }) => {
  const organization = await withClient(context, { prefer: 'key', scopes: ['user:read'] }, open =>
    namedOrganization(context, open, idOrSlug),
  )
  const { id } = organization
  const named = organizationText(organization)
  await confirmLoss(context, `Leave ${named}? Your keys that are pinned to it are revoked.`)
  const { left, remarks } = await context.unbroken(async () => ({
    left: await withHints({ CONFLICT: LAST_OWNER_HINT }, () =>
      withClient(context, { prefer: 'key', scopes: ['user:write'] }, ({ client, call }) =>
        client.organizations.leave({ organizationId: id }, call),
      ),
    ),
    remarks: await forgetOrganization(context, id),
  }))
  await context.output.done(`You left ${named}.`, id, left)
  for (const remark of remarks) context.output.note(remark)
  return EXIT.OK
}
