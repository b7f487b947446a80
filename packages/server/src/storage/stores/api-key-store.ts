import { type Kysely, type SqlBool, sql } from 'kysely'
import type { ApiKeyTable, Database } from '../schema'
import { contains, type PageRequest, type PageResult, selectPage } from './page'

export type ApiKeyRow = ApiKeyTable

/** Whose keys, and which of them. */
export interface ApiKeyFilter {
  readonly userId: string
  /** Only keys that are pinned to this organization. */
  readonly organizationId: string | null
}

/** Which of them are listed; what is undefined narrows nothing. Times are in milliseconds since 1970. */
export interface ApiKeyNarrowing {
  /** One of the contract's key states, worked out at the time of the list. */
  readonly state?: string | undefined
  readonly format?: string | undefined
  /** Made before this time and, as far as it is written down, not used since. */
  readonly unusedSince?: number | undefined
  /** Live, with an end before this time. */
  readonly expiringBefore?: number | undefined
  /** Ids that are left out. */
  readonly except?: readonly string[]
}

/** What a key was used for since it was last written down. */
export interface ApiKeyUse {
  readonly id: string
  readonly requests: number
  readonly lastRequestAt: number
}

export class ApiKeyStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: ApiKeyRow): Promise<void> {
    await this.db.insertInto('api_keys').values(row).execute()
  }

  /** Keys that could still be used; one in its grace period counts together with a successor that lives. */
  async countLive(userId: string, now: number, format?: string): Promise<number> {
    const keys = this.db
      .selectFrom('api_keys')
      .select(sql<number>`count(*)`.as('n'))
      .where('api_keys.user_id', '=', userId)
      .where(isLive('api_keys', now))
      .where(({ not, exists, selectFrom }) => {
        const successor = selectFrom('api_keys as successor').select('successor.id')
        const isItsOwn = successor.whereRef('successor.id', '=', 'api_keys.rotated_to')
        return not(exists(isItsOwn.where(isLive('successor', now))))
      })
    const ofFormat = format === undefined ? keys : keys.where('api_keys.format', '=', format)
    const row = await ofFormat.executeTakeFirstOrThrow()
    return Number(row.n)
  }

  find(filter: ApiKeyFilter, id: string): Promise<ApiKeyRow | undefined> {
    return this.filtered(filter).where('id', '=', id).executeTakeFirst()
  }

  /** Of every state, oldest first. */
  listAll(filter: ApiKeyFilter): Promise<ApiKeyRow[]> {
    return this.filtered(filter).orderBy('created_at').orderBy('id').execute()
  }

  /** Of every state, in the order of ids. */
  async listIds(filter: ApiKeyFilter): Promise<string[]> {
    const rows = await this.filtered(filter).clearSelect().select('id').orderBy('id').execute()
    return rows.map(({ id }) => id)
  }

  /** `q` is a part of the name, or how the key begins. */
  list(
    filter: ApiKeyFilter,
    page: PageRequest,
    { state, format, unusedSince, expiringBefore, except = [] }: ApiKeyNarrowing,
    now: number,
  ): Promise<PageResult<ApiKeyRow>> {
    let query = this.filtered(filter)
    const { q } = page
    if (q) query = query.where(eb => eb.or([contains(sql.ref('name'), q), startsLike(q)]))
    if (state) query = query.where(sql<SqlBool>`${stateAt(now)} = ${state}`)
    if (format) query = query.where('format', '=', format)
    if (unusedSince !== undefined) query = query.where(unusedAt(unusedSince))
    if (expiringBefore !== undefined)
      query = query.where(isLive('api_keys', now)).where('expires_at', '<', expiringBefore)
    if (except.length > 0) query = query.where('id', 'not in', except)
    const sortColumns = {
      createdAt: sql.ref('created_at'),
      name: sql`lower(name)`,
      // Keys without an end sort behind all that have one, on both engines.
      expiresAt: sql`coalesce(expires_at, 9007199254740991)`,
    }
    return selectPage(query, page, sortColumns, sql.ref('id'))
  }

  /** Changes a key that is neither revoked, rotated nor expired. @returns the row, or undefined if there is none such */
  updateLive(
    { user_id, id }: Pick<ApiKeyRow, 'user_id' | 'id'>,
    now: number,
    changes: Partial<Omit<ApiKeyRow, 'id' | 'user_id'>>,
  ): Promise<ApiKeyRow | undefined> {
    return this.db
      .updateTable('api_keys')
      .set(changes)
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .where('rotated_to', 'is', null)
      .where(eb => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
      .returningAll()
      .executeTakeFirst()
  }

  /** Ends the grace period of keys that this one took over from. */
  async endPredecessors(userId: string, id: string, now: number): Promise<void> {
    await this.db
      .updateTable('api_keys')
      .set({ expires_at: now, updated_at: now })
      .where('user_id', '=', userId)
      .where('rotated_to', '=', id)
      .where('expires_at', '>', now)
      .execute()
  }

  /** Ends a key for good; one that is already ended keeps its time. @returns how many it ended: 0 or 1 */
  async revoke(userId: string, id: string, now: number): Promise<number> {
    const result = await this.db
      .updateTable('api_keys')
      .set({ revoked_at: now, updated_at: now })
      .where('user_id', '=', userId)
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    return Number(result.numUpdatedRows)
  }

  /** Ends the keys of a format that live. @returns them */
  revokeLive(userId: string, format: string, now: number): Promise<ApiKeyRow[]> {
    return this.db
      .updateTable('api_keys')
      .set({ revoked_at: now, updated_at: now })
      .where('user_id', '=', userId)
      .where('format', '=', format)
      .where(isLive('api_keys', now))
      .returningAll()
      .execute()
  }

  /** Ends the keys of a user that are pinned to an organization, in the order of ids. @returns how many */
  async revokePinned(organizationId: string, userId: string, now: number): Promise<number> {
    const result = await this.db
      .updateTable('api_keys')
      .set({ revoked_at: now, updated_at: now })
      .where('id', 'in', eb =>
        eb
          .selectFrom('api_keys')
          .select('id')
          .where('organization_id', '=', organizationId)
          .where('user_id', '=', userId)
          .where('revoked_at', 'is', null)
          .orderBy('id')
          .forUpdate(),
      )
      .executeTakeFirst()
    return Number(result.numUpdatedRows)
  }

  /** Of all users, in the order of ids. */
  async deletePinned(organizationId: string): Promise<void> {
    await this.db
      .deleteFrom('api_keys')
      .where('id', 'in', eb =>
        eb
          .selectFrom('api_keys')
          .select('id')
          .where('organization_id', '=', organizationId)
          .orderBy('id')
          .forUpdate(),
      )
      .execute()
  }

  /** Ends all of them, in the order of ids, as uses are written; those that are ended keep their times. */
  async revokeAll(userId: string, now: number): Promise<void> {
    await this.db
      .updateTable('api_keys')
      .set({ revoked_at: now, updated_at: now })
      .where('id', 'in', eb =>
        eb
          .selectFrom('api_keys')
          .select('id')
          .where('user_id', '=', userId)
          .where('revoked_at', 'is', null)
          .orderBy('id')
          .forUpdate(),
      )
      .execute()
  }

  /** In the order of ids, as uses are written. */
  async deleteAll(userId: string): Promise<void> {
    await this.db
      .deleteFrom('api_keys')
      .where('id', 'in', eb =>
        eb.selectFrom('api_keys').select('id').where('user_id', '=', userId).orderBy('id').forUpdate(),
      )
      .execute()
  }

  /** Gives a never-used successor a new secret, if it was made by the same rotation request. */
  replaceUnusedSecret(
    { user_id, id }: Pick<ApiKeyRow, 'user_id' | 'id'>,
    rotationRequestHash: string,
    madeAfter: number,
    secret: Pick<ApiKeyRow, 'key_hash' | 'start' | 'updated_at'>,
  ): Promise<ApiKeyRow | undefined> {
    return this.db
      .updateTable('api_keys')
      .set(secret)
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .where('rotation_request_hash', '=', rotationRequestHash)
      .where('created_at', '>', madeAfter)
      .where('revoked_at', 'is', null)
      .where('rotated_to', 'is', null)
      .returningAll()
      .executeTakeFirst()
  }

  /**
   * After its first use the secret of a rotated key cannot be replaced by a repeated request any more.
   * @returns false if it was replaced just before
   */
  async confirmRotation(keyHash: string): Promise<boolean> {
    const result = await this.db
      .updateTable('api_keys')
      .set({ rotation_request_hash: null })
      .where('key_hash', '=', keyHash)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }

  async addUse({ id, requests, lastRequestAt }: ApiKeyUse): Promise<void> {
    await this.db
      .updateTable('api_keys')
      .set(eb => ({
        request_count: eb('request_count', '+', requests),
        // Another process may have written down a later one already.
        last_request_at: eb
          .case()
          .when('last_request_at', '>', lastRequestAt)
          .then(eb.ref('last_request_at'))
          .else(lastRequestAt)
          .end(),
      }))
      .where('id', '=', id)
      .execute()
  }

  private filtered(filter: ApiKeyFilter) {
    const query = this.db.selectFrom('api_keys').selectAll().where('user_id', '=', filter.userId)
    return filter.organizationId ? query.where('organization_id', '=', filter.organizationId) : query
  }
}

/** Neither revoked nor at its end. @param table name or alias of `api_keys` */
const isLive = (table: string, now: number) => {
  const end = sql.ref(`${table}.expires_at`)
  return sql<SqlBool>`(${sql.ref(`${table}.revoked_at`)} is null and (${end} is null or ${end} > ${now}))`
}

/** As far as its prefix all keys of a format are alike. */
const startsLike = (text: string) =>
  sql<SqlBool>`(length(prefix) < ${text.length} and substr(start, 1, ${text.length}) = ${text})`

const unusedAt = (time: number) =>
  sql<SqlBool>`created_at < ${time} and (last_request_at is null or last_request_at < ${time})`

/** The same order as the domain's `apiKeyState`; a test holds them together. */
const stateAt = (now: number) => sql<string>`case
  when revoked_at is not null then 'revoked'
  when rotated_to is not null and expires_at <= ${now} then 'rotated'
  when expires_at <= ${now} then 'expired'
  when enabled = 0 then 'disabled'
  else 'active' end`
