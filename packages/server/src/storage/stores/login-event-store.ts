import { type Kysely, sql } from 'kysely'
import type { Database, LoginEventTable } from '../schema'
import { deleteBefore } from './delete-before'
import { contains, type PageRequest, type PageResult, selectPage } from './page'

export type LoginEventRow = LoginEventTable

/** Sign-ins and failed tries. */
export class LoginEventStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(rows: readonly LoginEventRow[]): Promise<void> {
    await this.db.insertInto('login_events').values(rows).execute()
  }

  /** `q` looks in the program and the address. */
  list(userId: string, page: PageRequest): Promise<PageResult<LoginEventRow>> {
    let query = this.db.selectFrom('login_events').selectAll().where('user_id', '=', userId)
    const { q } = page
    if (q) {
      query = query.where(where =>
        where.or([contains(sql.ref('user_agent'), q), contains(sql.ref('ip_address'), q)]),
      )
    }
    return selectPage(query, page, { createdAt: sql.ref('created_at') }, sql.ref('id'))
  }

  /** Newest first. */
  listAll(userId: string): Promise<LoginEventRow[]> {
    return this.db
      .selectFrom('login_events')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .execute()
  }

  /** A successful sign-in; `from` narrows to one made with this program from this address. */
  findSuccess(
    userId: string,
    from?: { readonly ipAddress: string; readonly userAgent: string },
  ): Promise<{ id: string } | undefined> {
    let query = this.db
      .selectFrom('login_events')
      .select('id')
      .where('user_id', '=', userId)
      .where('success', '=', 1)
    if (from) query = query.where('ip_address', '=', from.ipAddress).where('user_agent', '=', from.userAgent)
    return query.limit(1).executeTakeFirst()
  }

  /** @returns how many of the rows made before `before` were removed, `limit` at most */
  deleteOld(before: number, limit: number): Promise<number> {
    return deleteBefore(this.db, { table: 'login_events', id: 'id', time: 'created_at' }, before, limit)
  }
}
