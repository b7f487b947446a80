import type { LoginEvent } from '@snoop/sdk'
import type { historySpec } from '../../command-tree/account'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { withClient } from '../../http/with-client'
import type { Field } from '../../output/output'
import { relativeTime } from '../../output/relative-time'
import { listRemark, pageSize, readLimit, takeItems } from '../page-limit'

const historyFields = (nowMs: number): Field<LoginEvent>[] => [
  {
    label: 'WHEN',
    value: event => event.createdAt,
    human: event => relativeTime(event.createdAt, nowMs),
    isId: true,
  },
  { label: 'METHOD', value: event => event.method },
  { label: 'RESULT', value: event => (event.success ? 'signed in' : 'failed') },
  { label: 'ADDRESS', value: event => event.ipAddress },
  { label: 'PROGRAM', value: event => event.userAgent, isCuttable: true },
]

export const run: Run<typeof historySpec> = async (context, { options }) => {
  const limit = readLimit(options.limit, options.all)
  const { items, total } = await withClient(
    context,
    { prefer: 'key', scopes: ['user:read'] },
    ({ client, call }) => takeItems(client.user.loginHistory({ limit: pageSize(limit) }, call), limit),
  )
  const remark = listRemark(items.length, total, 'Nobody has signed in yet.')
  await context.output.list(items, historyFields(context.around.now()), remark)
  return EXIT.OK
}
