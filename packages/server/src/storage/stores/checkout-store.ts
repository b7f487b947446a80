import type { Kysely } from 'kysely'
import type { CheckoutTable, Database } from '../schema'
import { deleteBefore } from './delete-before'

export type CheckoutRow = CheckoutTable

/** Payments that were begun. */
export class CheckoutStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: CheckoutRow): Promise<void> {
    await this.db.insertInto('checkouts').values(row).execute()
  }

  find(organizationId: string, id: string): Promise<CheckoutRow | undefined> {
    return this.db
      .selectFrom('checkouts')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .executeTakeFirst()
  }

  /** Of whichever organization: for those who hold the id. */
  findById(id: string): Promise<CheckoutRow | undefined> {
    return this.db.selectFrom('checkouts').selectAll().where('id', '=', id).executeTakeFirst()
  }

  /** Those of one provider that may still be paid. */
  listOpen(organizationId: string, provider: string, now: number): Promise<CheckoutRow[]> {
    return this.db
      .selectFrom('checkouts')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('provider', '=', provider)
      .where('status', '=', 'open')
      .where('kind', 'in', ['subscription', 'credits'])
      .where('expires_at', '>', now)
      .orderBy('id')
      .execute()
  }

  /** Ends an open one; of two at the same time one gets true. */
  async close(
    { organization_id, id }: Pick<CheckoutRow, 'organization_id' | 'id'>,
    status: CheckoutRow['status'],
  ): Promise<boolean> {
    const closed = await this.db
      .updateTable('checkouts')
      .set({ status })
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .where('status', '=', 'open')
      .returning('id')
      .executeTakeFirst()
    return closed !== undefined
  }

  /** Whether a checkout of this id is in any organization that the user is a member of. */
  async existsForMember(userId: string, id: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('checkouts')
      .innerJoin('memberships', 'memberships.organization_id', 'checkouts.organization_id')
      .select('checkouts.id')
      .where('memberships.user_id', '=', userId)
      .where('checkouts.id', '=', id)
      .where('checkouts.kind', '!=', 'portal')
      .executeTakeFirst()
    return row !== undefined
  }

  /** @returns how many of the rows that ended before `before` were removed, `limit` at most */
  deleteExpired(before: number, limit: number): Promise<number> {
    return deleteBefore(this.db, { table: 'checkouts', id: 'id', time: 'expires_at' }, before, limit)
  }
}
