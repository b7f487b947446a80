import { sql } from 'kysely'
import { openEngine } from '../storage/open-engine'

/** Written behind, and by any request that is let in: no part of what a request asks to change. */
const USE_COLUMNS = new Set(['request_count', 'last_request_at', 'last_seen_at'])
/**
 * Mails are marked as sent by the worker, whenever it gets to it; refusals are written behind into the audit log; requests
 * count against their limits.
 */
const BACKGROUND_TABLES = new Set(['outbox', 'audit_chains', 'request_windows'])
const isBackground = (row: Record<string, unknown>): boolean => row.action === 'access.refused'

/** Every row of every table, to compare before and after. @param url as the server's `database` setting has it */
export const snapshotTables = async (url: string): Promise<Record<string, unknown[]>> => {
  const engine = await openEngine({ database: url })
  try {
    const snapshot: Record<string, unknown[]> = {}
    for (const { name } of await engine.db.introspection.getTables()) {
      if (BACKGROUND_TABLES.has(name)) continue
      const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(engine.db)
      snapshot[name] = rows
        .filter(row => !isBackground(row))
        .map(row => Object.fromEntries(Object.entries(row).filter(([column]) => !USE_COLUMNS.has(column))))
        .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
    }
    return snapshot
  } finally {
    await engine.close()
  }
}
