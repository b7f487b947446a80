import { type Kysely, sql } from 'kysely'
import type { Database, LinkTable } from '../schema'
import { contains, type PageRequest, type PageResult, selectPage } from './page'

export type LinkRow = LinkTable

/** Short links of an organization. */
export class LinkStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: LinkRow): Promise<void> {
    await this.db.insertInto('links').values(row).execute()
  }

  /** One that is not of a QR code. */
  find(organizationId: string, number: number): Promise<LinkRow | undefined> {
    return this.inOrganization(organizationId).where('number', '=', number).executeTakeFirst()
  }

  /** Those that are not of a QR code; `page.q` is looked for in alias and target. Sorted by `date` or `clicks`. */
  list(organizationId: string, page: PageRequest): Promise<PageResult<LinkRow>> {
    const { q } = page
    let query = this.inOrganization(organizationId)
    if (q)
      query = query.where(eb =>
        eb.or([contains(sql.ref('links.alias'), q), contains(sql.ref('links.long_url'), q)]),
      )
    const sortColumns = { date: sql.ref('links.created_at'), clicks: sql.ref('links.clicks') }
    return selectPage(query, page, sortColumns, sql.ref('links.number'))
  }

  /** @returns how many rows changed: 0 or 1 */
  async update(organizationId: string, number: number, changes: Partial<LinkRow>): Promise<number> {
    const result = await this.updating(organizationId, number).set(changes).executeTakeFirst()
    return Number(result.numUpdatedRows)
  }

  /** @returns how many rows went: 0 or 1 */
  async delete(organizationId: string, number: number): Promise<number> {
    const result = await this.db
      .deleteFrom('links')
      .where('organization_id', '=', organizationId)
      .where('number', '=', number)
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  }

  /**
   * Call in a transaction. Counts so many clicks, or as many of them as `max_clicks` leaves room for.
   * @returns how many were counted; 0 if the link is gone
   */
  async addClicks(organizationId: string, number: number, count: number): Promise<number> {
    const all = await this.updating(organizationId, number)
      .set(eb => ({ clicks: eb('clicks', '+', count) }))
      .where(eb =>
        eb.or([
          eb('max_clicks', 'is', null),
          eb(eb('clicks', '+', count), '<=', eb.ref('max_clicks').$notNull()),
        ]),
      )
      .executeTakeFirst()
    return all.numUpdatedRows > 0n ? count : this.addLastClicks(organizationId, number, count)
  }

  private async addLastClicks(organizationId: string, number: number, count: number): Promise<number> {
    const link = await this.db
      .selectFrom('links')
      .select(['clicks', 'max_clicks'])
      .where('organization_id', '=', organizationId)
      .where('number', '=', number)
      .forUpdate()
      .executeTakeFirst()
    if (!link) return 0
    // Another process may have changed the limit since the statement before.
    const left = link.max_clicks === null ? count : Math.max(0, link.max_clicks - link.clicks)
    const counted = Math.min(count, left)
    if (counted > 0) await this.update(organizationId, number, { clicks: link.clicks + counted })
    return counted
  }

  private updating(organizationId: string, number: number) {
    return this.db
      .updateTable('links')
      .where('organization_id', '=', organizationId)
      .where('number', '=', number)
  }

  private inOrganization(organizationId: string) {
    return this.db
      .selectFrom('links')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('is_qr', '=', 0)
  }
}
