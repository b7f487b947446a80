import type { Invitation } from '@snoop/sdk/contract'
import type { listSpec } from '../../command-tree/invites'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withOrganization } from '../../http/with-organization'
import type { Field } from '../../output/output'
import { relativeTime } from '../../output/relative-time'
import { listRemark, pageSize, readLimit, takeItems } from '../page-limit'

const invitationFields = (nowMs: number): Field<Invitation>[] => {
  const time = (label: string, value: (invitation: Invitation) => string): Field<Invitation> => ({
    label,
    value,
    human: invitation => relativeTime(value(invitation), nowMs),
  })
  return [
    { label: 'EMAIL', value: invitation => invitation.email },
    { label: 'ROLE', value: invitation => invitation.role },
    { label: 'STATUS', value: invitation => invitation.status },
    { label: 'INVITED BY', value: invitation => invitation.invitedBy?.fullName ?? '', isCuttable: true },
    time('SENT', invitation => invitation.sentAt),
    time('EXPIRES', invitation => invitation.expiresAt),
    { label: 'ID', value: invitation => invitation.id, isId: true },
  ]
}

export const run: Run<typeof listSpec> = async (context, { options }) => {
  const limit = readLimit(options.limit, options.all)
  const { items, total } = await withOrganization(
    context,
    ['user:read'],
    ({ client, call }, organizationId) => {
      const search = options.search === undefined ? {} : { q: options.search }
      return takeItems(
        client.invites.list({ organizationId, limit: pageSize(limit), ...search }, call),
        limit,
      )
    },
  )
  const remark = listRemark(
    items.length,
    total,
    'No invitations. Invite somebody:  snoop invites send <email>',
  )
  await context.output.list(items, invitationFields(context.around.now()), remark)
  return EXIT.OK
}
