import type { Kysely } from 'kysely'
import type { Database, IdempotencyClaimTable } from '../schema'
import { deleteBefore } from './delete-before'

export type IdempotencyClaimRow = IdempotencyClaimTable

type ClaimId = Pick<IdempotencyClaimRow, 'user_id' | 'key_hash' | 'id'>

/** Writes that may be sent again, by user and key. */
export class IdempotencyClaimStore {
  constructor(private readonly db: Kysely<Database>) {}

  /** @returns false if the user has used the key already; of two at the same time one gets true */
  async insert(row: IdempotencyClaimRow): Promise<boolean> {
    const inserted = await this.db
      .insertInto('idempotency_claims')
      .values(row)
      .onConflict(conflict => conflict.columns(['user_id', 'key_hash']).doNothing())
      .returning('id')
      .executeTakeFirst()
    return inserted !== undefined
  }

  /** Oldest first. */
  list(userId: string): Promise<IdempotencyClaimRow[]> {
    return this.db
      .selectFrom('idempotency_claims')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
  }

  find(userId: string, keyHash: string): Promise<IdempotencyClaimRow | undefined> {
    return this.db
      .selectFrom('idempotency_claims')
      .selectAll()
      .where('user_id', '=', userId)
      .where('key_hash', '=', keyHash)
      .executeTakeFirst()
  }

  /** @returns how many rows changed: 0 if the claim was taken over or has gone */
  async update(
    { user_id, key_hash, id }: ClaimId,
    changes: Pick<IdempotencyClaimRow, 'state'> & Partial<Pick<IdempotencyClaimRow, 'sealed_answer'>>,
  ): Promise<number> {
    const result = await this.db
      .updateTable('idempotency_claims')
      .set(changes)
      .where('user_id', '=', user_id)
      .where('key_hash', '=', key_hash)
      .where('id', '=', id)
      .executeTakeFirst()
    return Number(result.numUpdatedRows)
  }

  /** Gives a key free. Only in the given state, so that what was carried out meanwhile stays. */
  async delete({
    user_id,
    key_hash,
    id,
    state,
  }: ClaimId & Pick<IdempotencyClaimRow, 'state'>): Promise<void> {
    await this.db
      .deleteFrom('idempotency_claims')
      .where('user_id', '=', user_id)
      .where('key_hash', '=', key_hash)
      .where('id', '=', id)
      .where('state', '=', state)
      .execute()
  }

  /** @returns how many of the rows made before `before` were removed, `limit` at most */
  deleteOld(before: number, limit: number): Promise<number> {
    return deleteBefore(this.db, { table: 'idempotency_claims', id: 'id', time: 'created_at' }, before, limit)
  }
}
