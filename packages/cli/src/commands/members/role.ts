import type { roleSpec } from '../../command-tree/members'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withOrganization } from '../../http/with-organization'
import { LAST_OWNER_HINT, withHints } from '../with-hints'
import { findMember, LIST_HINT, memberText } from './find-member'

export const run: Run<typeof roleSpec> = async (context, { args: [emailOrId, role] }) => {
  const member = await withHints({ CONFLICT: LAST_OWNER_HINT, NOT_FOUND: LIST_HINT }, () =>
    withOrganization(context, ['user:read', 'user:write'], async (open, organizationId) => {
      const { id } = await findMember(open, organizationId, emailOrId)
      return open.client.members.updateRole({ organizationId, memberId: id, role }, open.call)
    }),
  )
  await context.output.done(`${memberText(member)} is ${member.role} now.`, member.id, member)
  return EXIT.OK
}
