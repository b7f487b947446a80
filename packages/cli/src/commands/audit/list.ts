import type { listSpec } from '../../command-tree/audit'
import type { Run } from '../../define-command'
import { EXIT } from '../../exit-codes'
import { listRemark, pageSize, readLimit, takeItems } from '../page-limit'
import { listedAuditFields } from './audit-fields'
import { auditFilters, withAuditFilters } from './audit-filters'

export const run: Run<typeof listSpec> = async (context, { options }) => {
  const { around, output } = context
  const limit = readLimit(options.limit, options.all)
  const filters = auditFilters(options, around.now())
  const { items, total } = await withAuditFilters(context, filters, ({ client, call }, query) =>
    takeItems(client.auditLogs.list({ ...query, limit: pageSize(limit) }, call), limit),
  )
  // What is written meanwhile moves the pages: an entry may be on two of them.
  const once = [...new Map(items.map(entry => [entry.sequence, entry])).values()]
  await output.list(once, listedAuditFields(around.now()), listRemark(once.length, total, 'No entries.'))
  return EXIT.OK
}
