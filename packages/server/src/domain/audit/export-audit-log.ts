import { setImmediate as nextTurn } from 'node:timers/promises'
import type { NamedAuditEventRow } from '../../storage/stores/audit-log-store'
import type { DomainContext } from '../domain-context'
import type { Actor } from '../principals/actor'
import type { AuditFilter } from './list-audit-logs'
import { type Act, recordAct } from './record-act'

const PAGE_SIZE = 1_000

/** What is exported, and how: the entry that tells of the export names it. */
export interface AuditExport {
  readonly filter: AuditFilter
  readonly details: NonNullable<Act['details']>
}

/**
 * Begins an export: the act is on disk when it resolves. The pages are read one after another as they are asked for, up to
 * what was the newest entry then; no transaction is open meanwhile.
 */
export const exportAuditLog = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  { filter, details }: AuditExport,
): Promise<AsyncIterable<NamedAuditEventRow[]>> => {
  const lastSequence = await context.storage.transaction(async stores => {
    await recordAct(context, stores, actor, {
      organizationId,
      action: 'audit_log.exported',
      resource: { type: 'audit_log', id: null },
      details,
    })
    return (await stores.auditLogs.lockChain(organizationId)).last_sequence
  })
  return readAuditPages(context, organizationId, filter, lastSequence)
}

/** Oldest entry first, page by page, with nothing held between them. */
export async function* readAuditPages(
  { storage }: Pick<DomainContext, 'storage'>,
  organizationId: string,
  filter: AuditFilter,
  lastSequence: number,
): AsyncGenerator<NamedAuditEventRow[], void, undefined> {
  for (let { afterSequence } = filter; ; ) {
    const rows = await storage.auditLogs.listUpTo(
      organizationId,
      { ...filter, afterSequence },
      lastSequence,
      PAGE_SIZE,
    )
    afterSequence = rows.at(-1)?.sequence
    if (rows.length > 0) yield rows
    if (rows.length < PAGE_SIZE) return
    // SQLite answers at once, so without this a fast reader would keep all others waiting.
    await nextTurn()
  }
}
