import type { Kysely } from 'kysely'
import type { AuditChainTable, AuditEventTable, Database } from '../schema'

export type AuditEventRow = AuditEventTable
export type AuditChainRow = AuditChainTable

/** The audit logs of organizations, each a chain. */
export class AuditLogStore {
  constructor(private readonly db: Kysely<Database>) {}

  /**
   * The end of a log, held to the end of the transaction: entries are written one after another. A log that was never
   * written to begins.
   */
  async lockChain(organizationId: string): Promise<AuditChainRow> {
    const found = await this.findChainForUpdate(organizationId)
    if (found) return found
    await this.db
      .insertInto('audit_chains')
      .values({ organization_id: organizationId, last_sequence: 0, last_hash: '' })
      .onConflict(conflict => conflict.column('organization_id').doNothing())
      .execute()
    const begun = await this.findChainForUpdate(organizationId)
    if (!begun) throw new Error('The chain of an audit log went away while it was begun')
    return begun
  }

  /** Writes an entry behind the end of its log, which `lockChain` holds. */
  async append(row: AuditEventRow): Promise<void> {
    await this.db.insertInto('audit_events').values(row).execute()
    await this.db
      .updateTable('audit_chains')
      .set({ last_sequence: row.sequence, last_hash: row.hash })
      .where('organization_id', '=', row.organization_id)
      .execute()
  }

  private findChainForUpdate(organizationId: string): Promise<AuditChainRow | undefined> {
    return this.db
      .selectFrom('audit_chains')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .forUpdate()
      .executeTakeFirst()
  }
}
