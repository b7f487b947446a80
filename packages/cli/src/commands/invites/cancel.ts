import type { cancelSpec } from '../../command-tree/invites'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withOrganization } from '../../http/with-organization'
import { withHints } from '../with-hints'
import { findInvitation, LIST_HINT } from './find-invitation'

export const run: Run<typeof cancelSpec> = async (context, { args: [emailOrId] }) => {
  const scopes = ['user:read', 'user:write'] as const
  const cancelled = await withHints({ NOT_FOUND: LIST_HINT }, () =>
    withOrganization(context, scopes, async (open, organizationId) => {
      const memberId = await findInvitation(open, organizationId, emailOrId)
      return open.client.invites.cancel({ organizationId, memberId }, open.call)
    }),
  )
  await context.output.done(`Cancelled invitation ${emailOrId}; its link ended.`, cancelled.id, cancelled)
  return EXIT.OK
}
