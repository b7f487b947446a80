import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { AuditChainTable, AuditEventTable, Database } from '../schema'
import { contains, type PageRequest, type PageResult, selectPage } from './page'

export type AuditEventRow = AuditEventTable
export type AuditChainRow = AuditChainTable

/** An entry with the name that its actor has now, if that user still exists. */
export interface NamedAuditEventRow extends AuditEventRow {
  actor_full_name: string | null
}

/** The newest entry of a log. */
export type ChainEnd = Pick<AuditEventRow, 'sequence' | 'hash'>

/** Entries that are wanted; what is undefined narrows nothing. */
export interface AuditEventFilter {
  readonly action: string | undefined
  readonly resourceType: string | undefined
  readonly resourceId: string | undefined
  readonly userId: string | undefined
  readonly outcome: string | undefined
  /** Made at this time or later, and before `before`. */
  readonly from: number | undefined
  readonly before: number | undefined
  readonly afterSequence: number | undefined
}

/** The newest entry that was removed, signed. */
export interface AuditCheckpoint {
  readonly sequence: number
  readonly hash: string
  /** When it was removed. */
  readonly createdAt: number
  readonly signature: string
}

const narrow = <Row>(
  query: SelectQueryBuilder<Database, 'audit_events', Row>,
  { action, resourceType, resourceId, userId, outcome, from, before, afterSequence }: AuditEventFilter,
) => {
  let narrowed = query
  if (action !== undefined) narrowed = narrowed.where('audit_events.action', '=', action)
  if (resourceType !== undefined) narrowed = narrowed.where('audit_events.resource_type', '=', resourceType)
  if (resourceId !== undefined) narrowed = narrowed.where('audit_events.resource_id', '=', resourceId)
  if (userId !== undefined) narrowed = narrowed.where('audit_events.actor_id', '=', userId)
  if (outcome !== undefined) narrowed = narrowed.where('audit_events.outcome', '=', outcome)
  if (from !== undefined) narrowed = narrowed.where('audit_events.created_at', '>=', from)
  if (before !== undefined) narrowed = narrowed.where('audit_events.created_at', '<', before)
  if (afterSequence !== undefined) narrowed = narrowed.where('audit_events.sequence', '>', afterSequence)
  return narrowed
}

/** The audit logs of organizations, each a chain. */
export class AuditLogStore {
  constructor(private readonly db: Kysely<Database>) {}

  /** Undefined: the log was never written to. */
  findChain(organizationId: string): Promise<AuditChainRow | undefined> {
    return this.chain(organizationId).executeTakeFirst()
  }

  /**
   * The end of a log, held to the end of the transaction: entries are written one after another. A log that was never
   * written to begins.
   */
  async lockChain(organizationId: string): Promise<AuditChainRow> {
    const found = await this.chain(organizationId).forUpdate().executeTakeFirst()
    if (found) return found
    await this.db
      .insertInto('audit_chains')
      .values({ organization_id: organizationId, last_sequence: 0, last_hash: '' })
      .onConflict(conflict => conflict.column('organization_id').doNothing())
      .execute()
    return this.chain(organizationId).forUpdate().executeTakeFirstOrThrow()
  }

  /** Writes entries, one at least, behind the end of their log, which `lockChain` holds. @param end the last of them */
  async append(organizationId: string, rows: readonly AuditEventRow[], end: ChainEnd): Promise<void> {
    await this.db.insertInto('audit_events').values(rows).execute()
    await this.db
      .updateTable('audit_chains')
      .set({ last_sequence: end.sequence, last_hash: end.hash })
      .where('organization_id', '=', organizationId)
      .execute()
  }

  /** `q` looks in the action and in what it was done to. */
  list(
    organizationId: string,
    filter: AuditEventFilter,
    page: PageRequest,
  ): Promise<PageResult<NamedAuditEventRow>> {
    let query = this.named(organizationId, filter)
    const { q } = page
    if (q) {
      query = query.where(where =>
        where.or([
          contains(sql.ref('audit_events.action'), q),
          contains(sql.ref('audit_events.resource_id'), q),
        ]),
      )
    }
    const sequence = sql.ref('audit_events.sequence')
    return selectPage(query, page, { createdAt: sequence }, sequence)
  }

  /** In the order of their numbers: what is behind `filter.afterSequence`, `lastSequence` at most. */
  listUpTo(
    organizationId: string,
    filter: AuditEventFilter,
    lastSequence: number,
    limit: number,
  ): Promise<NamedAuditEventRow[]> {
    return this.named(organizationId, filter)
      .where('audit_events.sequence', '<=', lastSequence)
      .orderBy('audit_events.sequence')
      .limit(limit)
      .execute()
  }

  /** The first entries of a log. */
  listOldest(organizationId: string, limit: number): Promise<AuditEventRow[]> {
    return this.db
      .selectFrom('audit_events')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .orderBy('sequence')
      .limit(limit)
      .execute()
  }

  /** Removes the entries up to the checkpoint, which takes their place; `lockChain` holds the log. */
  async cut(organizationId: string, checkpoint: AuditCheckpoint): Promise<void> {
    await this.db
      .deleteFrom('audit_events')
      .where('organization_id', '=', organizationId)
      .where('sequence', '<=', checkpoint.sequence)
      .execute()
    await this.db
      .updateTable('audit_chains')
      .set({
        checkpoint_sequence: checkpoint.sequence,
        checkpoint_hash: checkpoint.hash,
        checkpoint_at: checkpoint.createdAt,
        checkpoint_signature: checkpoint.signature,
      })
      .where('organization_id', '=', organizationId)
      .execute()
  }

  /** Organizations that have a log, also those that are gone, by id. @param after only those behind this id */
  async listOrganizationIds(after: string, limit: number): Promise<string[]> {
    const { rows } = await sql<{ organization_id: string }>`select organization_id
      from ${sql.table('audit_chains')} where organization_id > ${after}
      order by organization_id limit ${limit}`.execute(this.db)
    return rows.map(row => row.organization_id)
  }

  private chain(organizationId: string) {
    return this.db.selectFrom('audit_chains').selectAll().where('organization_id', '=', organizationId)
  }

  private named(organizationId: string, filter: AuditEventFilter) {
    const events = this.db
      .selectFrom('audit_events')
      .where('audit_events.organization_id', '=', organizationId)
    return narrow(events, filter)
      .leftJoin('users', 'users.id', 'audit_events.actor_id')
      .selectAll('audit_events')
      .select('users.full_name as actor_full_name')
  }
}
