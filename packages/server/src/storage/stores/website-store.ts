import { type Kysely, sql } from 'kysely'
import type { Database, WebsiteTable } from '../schema'
import { type PageRequest, type PageResult, selectPage } from './page'

export type WebsiteRow = WebsiteTable

/** Websites of an organization. */
export class WebsiteStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: WebsiteRow): Promise<void> {
    await this.db.insertInto('websites').values(row).execute()
  }

  find(organizationId: string, number: number): Promise<WebsiteRow | undefined> {
    return this.db
      .selectFrom('websites')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('number', '=', number)
      .executeTakeFirst()
  }

  /** In the order in which they were made. */
  list(
    organizationId: string,
    { offset, limit }: Pick<PageRequest, 'offset' | 'limit'>,
  ): Promise<PageResult<WebsiteRow>> {
    const query = this.db.selectFrom('websites').selectAll().where('organization_id', '=', organizationId)
    return selectPage(query, { offset, limit, sort: 'number' }, {}, sql.ref('number'))
  }

  async count(organizationId: string): Promise<number> {
    const row = await this.db
      .selectFrom('websites')
      .select(sql<number>`count(*)`.as('n'))
      .where('organization_id', '=', organizationId)
      .executeTakeFirstOrThrow()
    return Number(row.n)
  }

  /** @returns the row as it is now, or undefined if there is none such */
  update(
    organizationId: string,
    number: number,
    changes: Partial<WebsiteRow>,
  ): Promise<WebsiteRow | undefined> {
    return this.db
      .updateTable('websites')
      .set(changes)
      .where('organization_id', '=', organizationId)
      .where('number', '=', number)
      .returningAll()
      .executeTakeFirst()
  }

  /** Its screenshots go with it. @returns how many rows went: 0 or 1 */
  async delete(organizationId: string, number: number): Promise<number> {
    const result = await this.db
      .deleteFrom('websites')
      .where('organization_id', '=', organizationId)
      .where('number', '=', number)
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  }
}
