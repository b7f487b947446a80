import { type Kysely, sql } from 'kysely'
import type { Database, LinkTable, QrCodeTable } from '../schema'
import { contains, type PageRequest, type PageResult, selectPage } from './page'

export type QrCodeRow = QrCodeTable

/** A QR code with what it needs of its short link; without its design, which is large. */
export type LinkedQrCodeRow = Omit<QrCodeRow, 'design'> & Pick<LinkTable, 'alias' | 'long_url' | 'clicks'>

/** QR codes of an organization. */
export class QrCodeStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: QrCodeRow): Promise<void> {
    await this.db.insertInto('qr_codes').values(row).execute()
  }

  find(organizationId: string, number: number): Promise<LinkedQrCodeRow | undefined> {
    return this.inOrganization(organizationId).where('qr_codes.number', '=', number).executeTakeFirst()
  }

  findWithDesign(
    organizationId: string,
    number: number,
  ): Promise<(LinkedQrCodeRow & Pick<QrCodeRow, 'design'>) | undefined> {
    return this.inOrganization(organizationId)
      .select('qr_codes.design')
      .where('qr_codes.number', '=', number)
      .executeTakeFirst()
  }

  /** `page.q` is looked for in name, alias and target. Sorted by `date` or `clicks`. */
  list(organizationId: string, page: PageRequest): Promise<PageResult<LinkedQrCodeRow>> {
    const { q } = page
    let query = this.inOrganization(organizationId)
    if (q)
      query = query.where(eb =>
        eb.or(['qr_codes.name', 'links.alias', 'links.long_url'].map(column => contains(sql.ref(column), q))),
      )
    const sortColumns = { date: sql.ref('qr_codes.created_at'), clicks: sql.ref('links.clicks') }
    return selectPage(query, page, sortColumns, sql.ref('qr_codes.number'))
  }

  async update(organizationId: string, number: number, changes: Partial<QrCodeRow>): Promise<void> {
    await this.db
      .updateTable('qr_codes')
      .set(changes)
      .where('organization_id', '=', organizationId)
      .where('number', '=', number)
      .execute()
  }

  /** @returns the number of the link that it had; undefined if there is no such QR code */
  async delete(organizationId: string, number: number): Promise<number | undefined> {
    const row = await this.db
      .deleteFrom('qr_codes')
      .where('organization_id', '=', organizationId)
      .where('number', '=', number)
      .returning('link_number')
      .executeTakeFirst()
    return row?.link_number
  }

  private inOrganization(organizationId: string) {
    return this.db
      .selectFrom('qr_codes')
      .innerJoin('links', join =>
        join
          .onRef('links.organization_id', '=', 'qr_codes.organization_id')
          .onRef('links.number', '=', 'qr_codes.link_number'),
      )
      .select([
        'qr_codes.organization_id',
        'qr_codes.number',
        'qr_codes.name',
        'qr_codes.link_number',
        'qr_codes.created_at',
        'qr_codes.updated_at',
        'links.alias',
        'links.long_url',
        'links.clicks',
      ])
      .where('qr_codes.organization_id', '=', organizationId)
  }
}
