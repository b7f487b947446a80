import type { resendSpec } from '../../command-tree/invites'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withOrganization } from '../../http/with-organization'
import { withHints } from '../with-hints'
import { findInvitation, LIST_HINT } from './find-invitation'

export const run: Run<typeof resendSpec> = async (context, { args: [emailOrId] }) => {
  const scopes = ['user:read', 'user:write'] as const
  const invitation = await withHints({ NOT_FOUND: LIST_HINT }, () =>
    withOrganization(context, scopes, async (open, organizationId) => {
      const memberId = await findInvitation(open, organizationId, emailOrId)
      return open.client.invites.resend({ organizationId, memberId }, open.call)
    }),
  )
  const { id, email } = invitation
  await context.output.done(`A new mail is on its way to ${email}; the earlier link ended.`, id, invitation)
  return EXIT.OK
}
