import type { removeSpec } from '../../command-tree/members'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import { withOrganization } from '../../http/with-organization'
import { confirmLoss } from '../../prompts/ask'
import { LAST_OWNER_HINT, withHints } from '../with-hints'
import { findMember, LIST_HINT, memberText } from './find-member'

export const run: Run<typeof removeSpec> = async (context, { args: [emailOrId] }) => {
  const { organizationId, member } = await withOrganization(context, ['user:read'], async (open, id) => ({
    organizationId: id,
    member: await findMember(open, id, emailOrId),
  }))
  const named = memberText(member)
  await confirmLoss(
    context,
    `Remove ${named}? Keys of theirs that are pinned to the organization are revoked.`,
  )
  const removed = await withHints({ CONFLICT: LAST_OWNER_HINT, NOT_FOUND: LIST_HINT }, () =>
    withClient(context, { prefer: 'key', scopes: ['user:write'] }, ({ client, call }) =>
      client.members.remove({ organizationId, memberId: member.id }, call),
    ),
  )
  await context.output.done(`Removed ${named}.`, member.id, removed)
  return EXIT.OK
}
