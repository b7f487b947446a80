import { setImmediate as nextTurn } from 'node:timers/promises'
import { type RemovalContext, removeOldEntries } from '../domain/audit/remove-old-entries'
import type { Logger } from '../observability/logger'

const DAY_MS = 24 * 3600 * 1000
const PAGE_SIZE = 500

/**
 * Removes entries of all audit logs that are older than `retentionDays`, also of organizations that are gone. A log that
 * was tampered with is left as it is, and named in the server's log.
 * @returns how many entries went
 */
export const pruneAuditLogs = async (
  context: RemovalContext & { readonly logger: Logger },
  retentionDays: number,
): Promise<number> => {
  const before = context.clock() - retentionDays * DAY_MS
  let total = 0
  for (let after: string | undefined = ''; after !== undefined; ) {
    const ids = await context.storage.auditLogs.listOrganizationIds(after, PAGE_SIZE)
    for (const organizationId of ids) total += await pruneAuditLog(context, organizationId, before)
    after = ids.at(-1)
  }
  return total
}

const pruneAuditLog = async (
  context: RemovalContext & { readonly logger: Logger },
  organizationId: string,
  before: number,
): Promise<number> => {
  for (let total = 0; ; ) {
    const removal = await removeOldEntries(context, organizationId, before)
    // SQLite answers at once, so without this the batches would be one long turn.
    await nextTurn()
    if (removal.outcome === 'broken') {
      const { sequence } = removal
      context.logger.error(
        { event: 'audit_log.broken', organizationId, sequence },
        'an audit log was tampered with: nothing of it is removed',
      )
      return total
    }
    total += removal.count
    if (!removal.isMore) return total
  }
}
