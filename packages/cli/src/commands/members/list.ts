import type { Member } from '@snoop/sdk'
import type { listSpec } from '../../command-tree/members'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withOrganization } from '../../http/with-organization'
import type { Field } from '../../output/output'
import { relativeTime } from '../../output/relative-time'
import { listRemark, pageSize, readLimit, takeItems } from '../page-limit'

const memberFields = (nowMs: number): Field<Member>[] => [
  { label: 'NAME', value: member => member.fullName, isCuttable: true },
  { label: 'EMAIL', value: member => member.email },
  { label: 'ROLE', value: member => member.role },
  {
    label: 'JOINED',
    value: member => member.createdAt,
    human: member => relativeTime(member.createdAt, nowMs),
  },
  { label: 'ID', value: member => member.id, isId: true },
]

export const run: Run<typeof listSpec> = async (context, { options }) => {
  const limit = readLimit(options.limit, options.all)
  const { items, total } = await withOrganization(
    context,
    ['user:read'],
    ({ client, call }, organizationId) => {
      const query = {
        organizationId,
        limit: pageSize(limit),
        ...(options.search !== undefined && { q: options.search }),
        ...(options.role !== undefined && { role: options.role }),
      }
      return takeItems(client.members.list(query, call), limit)
    },
  )
  const remark = listRemark(
    items.length,
    total,
    'No such members. Invite somebody:  snoop invites send <email>',
  )
  await context.output.list(items, memberFields(context.around.now()), remark)
  return EXIT.OK
}
