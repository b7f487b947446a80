import { type Kysely, sql } from 'kysely'
import type { Database, ScreenshotTable } from '../schema'
import { type PageRequest, type PageResult, selectPage } from './page'

export type ScreenshotRow = ScreenshotTable

/** Without the image, which few ask for and is large. */
export type ScreenshotStatusRow = Omit<ScreenshotRow, 'image_base64'>

/** Which attempt ends: of one that another took over meanwhile nothing is written. */
type Attempt = Pick<ScreenshotRow, 'attempts'>

interface Ending {
  readonly finished_at: number
}

const STATUS_COLUMNS = [
  'organization_id',
  'id',
  'website_number',
  'status',
  'error',
  'attempts',
  'next_attempt_at',
  'created_at',
  'finished_at',
] as const satisfies readonly (keyof ScreenshotStatusRow)[]

/** Screenshots of websites, and the queue of those that are to be taken. */
export class ScreenshotStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: ScreenshotRow): Promise<void> {
    await this.db.insertInto('screenshots').values(row).execute()
  }

  find(organizationId: string, id: string): Promise<ScreenshotStatusRow | undefined> {
    return this.one(organizationId, id).select(STATUS_COLUMNS).executeTakeFirst()
  }

  /** As `find`, with the image. */
  findWhole(organizationId: string, id: string): Promise<ScreenshotRow | undefined> {
    return this.one(organizationId, id).selectAll().executeTakeFirst()
  }

  /** Newest first. @param websiteNumber only those of this website */
  list(
    organizationId: string,
    { offset, limit }: Pick<PageRequest, 'offset' | 'limit'>,
    websiteNumber: number | undefined,
  ): Promise<PageResult<ScreenshotStatusRow>> {
    let query = this.db
      .selectFrom('screenshots')
      .select(STATUS_COLUMNS)
      .where('organization_id', '=', organizationId)
    if (websiteNumber !== undefined) query = query.where('website_number', '=', websiteNumber)
    return selectPage(query, { offset, limit, sort: '-id' }, {}, sql.ref('id'))
  }

  /** Those that are to be taken, or are being taken. */
  async countPending(organizationId: string): Promise<number> {
    const row = await this.db
      .selectFrom('screenshots')
      .select(sql<number>`count(*)`.as('n'))
      .where('organization_id', '=', organizationId)
      .where('status', 'in', ['queued', 'running'])
      .executeTakeFirstOrThrow()
    return Number(row.n)
  }

  /**
   * Takes the screenshot that has waited longest of the organization whose turn it is, and keeps others from taking it
   * until `leaseUntil`; one whose lease is over, because its process died, is taken again. Of two at the same time one
   * gets it. It is the turn of the organization that was served longest ago, or, if nothing tells when, that waits longest.
   * @returns the row as it is now: `running`, with this attempt in `attempts`; undefined if nothing is due
   */
  async claimNext(now: number, leaseUntil: number): Promise<ScreenshotStatusRow | undefined> {
    for (;;) {
      const due = await this.findDue(now)
      if (!due) return undefined
      const claimed = await this.db
        .updateTable('screenshots')
        .set(eb => ({ status: 'running', attempts: eb('attempts', '+', 1), next_attempt_at: leaseUntil }))
        .where('organization_id', '=', due.organization_id)
        .where('id', '=', due.id)
        .where('status', 'in', ['queued', 'running'])
        .where('next_attempt_at', '<=', now)
        .returning(STATUS_COLUMNS)
        .executeTakeFirst()
      if (claimed) return claimed
    }
  }

  /** Ends an attempt with the image. @returns false, with nothing written, if another has taken over or the row is gone */
  finish(
    organizationId: string,
    id: string,
    { attempts, image_base64, finished_at }: Attempt & Ending & Pick<ScreenshotRow, 'image_base64'>,
  ): Promise<boolean> {
    const ended = { finished_at, next_attempt_at: finished_at }
    return this.endAttempt(organizationId, id, attempts, {
      ...ended,
      status: 'done',
      error: null,
      image_base64,
    })
  }

  /** Ends an attempt, and the screenshot, without an image. @returns as `finish` */
  fail(
    organizationId: string,
    id: string,
    { attempts, error, finished_at }: Attempt & Ending & Pick<ScreenshotRow, 'error'>,
  ): Promise<boolean> {
    const ended = { finished_at, next_attempt_at: finished_at }
    return this.endAttempt(organizationId, id, attempts, { ...ended, status: 'failed', error })
  }

  /** Ends an attempt; there will be another one from `next_attempt_at` on. @returns as `finish` */
  requeue(
    organizationId: string,
    id: string,
    { attempts, next_attempt_at }: Attempt & Pick<ScreenshotRow, 'next_attempt_at'>,
  ): Promise<boolean> {
    return this.endAttempt(organizationId, id, attempts, { status: 'queued', next_attempt_at })
  }

  /** Removes all but the newest `keep` of a website that ended with this status. */
  async deleteOlder(
    organizationId: string,
    websiteNumber: number,
    status: 'done' | 'failed',
    keep: number,
  ): Promise<void> {
    await this.db
      .deleteFrom('screenshots')
      .where('organization_id', '=', organizationId)
      .where('id', 'in', eb =>
        eb
          .selectFrom('screenshots')
          .select('id')
          .where('organization_id', '=', organizationId)
          .where('website_number', '=', websiteNumber)
          .where('status', '=', status)
          .orderBy('id', 'desc')
          // SQLite knows no offset without a limit.
          .limit(1_000)
          .offset(keep),
      )
      .execute()
  }

  private one(organizationId: string, id: string) {
    return this.db
      .selectFrom('screenshots')
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
  }

  /** When an organization was served is told by `next_attempt_at`: the end of a lease or attempt, or the next attempt. */
  private async findDue(now: number): Promise<Pick<ScreenshotRow, 'organization_id' | 'id'> | undefined> {
    const screenshots = sql.table('screenshots')
    const isDue = sql`status in ('queued', 'running') and next_attempt_at <= ${now}`
    const { rows } = await sql<Pick<ScreenshotRow, 'organization_id' | 'id'>>`
      select organization_id, id from ${screenshots}
      where ${isDue} and organization_id = (
        select organization_id from (
          select organization_id, min(next_attempt_at) as since from ${screenshots} where ${isDue} group by organization_id
        ) waiting
        order by coalesce((
          select max(next_attempt_at) from ${screenshots} tried
          where tried.organization_id = waiting.organization_id and tried.attempts > 0
        ), since), since, organization_id
        limit 1
      )
      order by next_attempt_at, id limit 1`.execute(this.db)
    return rows[0]
  }

  private async endAttempt(
    organizationId: string,
    id: string,
    attempts: number,
    changes: Partial<ScreenshotRow>,
  ): Promise<boolean> {
    const result = await this.db
      .updateTable('screenshots')
      .set(changes)
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .where('status', '=', 'running')
      .where('attempts', '=', attempts)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }
}
