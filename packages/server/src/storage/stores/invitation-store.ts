import { type Kysely, sql } from 'kysely'
import type { Database, InvitationTable } from '../schema'
import { contains, type PageRequest, type PageResult, selectPage } from './page'

export type InvitationRow = InvitationTable

/** An invitation with the name of who sent it, if that user still exists. */
export interface SentInvitationRow extends InvitationRow {
  inviter_full_name: string | null
}

/** What names an invitation together with its token. */
export type InvitationToken = Pick<InvitationRow, 'organization_id' | 'id' | 'token_hash'>

/** An invitation as who holds its token sees it. */
export interface OpenedInvitationRow extends SentInvitationRow {
  organization_name: string
}

/** Who is asked to join an organization. */
export class InvitationStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: InvitationRow): Promise<void> {
    await this.db.insertInto('invitations').values(row).execute()
  }

  /** Puts a new token, and what goes with it, in place of the earlier one. */
  async renew({ organization_id, id, email: _, created_at: __, ...changes }: InvitationRow): Promise<void> {
    await this.db
      .updateTable('invitations')
      .set(changes)
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .execute()
  }

  /** Those that a user sent, of the organizations that they are a member of now, oldest first. */
  listSentBy(userId: string): Promise<InvitationRow[]> {
    return this.db
      .selectFrom('invitations')
      .innerJoin('memberships', 'memberships.organization_id', 'invitations.organization_id')
      .selectAll('invitations')
      .where('memberships.user_id', '=', userId)
      .where('invitations.invited_by_user_id', '=', userId)
      .orderBy('invitations.created_at')
      .orderBy('invitations.id')
      .execute()
  }

  /** Those that hold a seat. */
  async countPending(organizationId: string, now: number): Promise<number> {
    const row = await this.db
      .selectFrom('invitations')
      .select(sql<number>`count(*)`.as('n'))
      .where('organization_id', '=', organizationId)
      .where('expires_at', '>', now)
      .executeTakeFirstOrThrow()
    return Number(row.n)
  }

  /** Pending or expired. */
  find(organizationId: string, id: string): Promise<InvitationRow | undefined> {
    return this.db
      .selectFrom('invitations')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .executeTakeFirst()
  }

  /** A pending one whose token is still this one. */
  findPending(
    { organization_id, id, token_hash }: InvitationToken,
    now: number,
  ): Promise<InvitationRow | undefined> {
    return this.db
      .selectFrom('invitations')
      .selectAll()
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .where('token_hash', '=', token_hash)
      .where('expires_at', '>', now)
      .executeTakeFirst()
  }

  list(organizationId: string, page: PageRequest): Promise<PageResult<SentInvitationRow>> {
    let query = this.sent().where('invitations.organization_id', '=', organizationId)
    if (page.q) query = query.where(contains(sql.ref('invitations.email'), page.q))
    const sortColumns = {
      createdAt: sql.ref('invitations.created_at'),
      email: sql.ref('invitations.email'),
    }
    return selectPage(query, page, sortColumns, sql.ref('invitations.id'))
  }

  /** Pending or expired ones to these addresses. */
  listByEmail(organizationId: string, emails: readonly string[]): Promise<InvitationRow[]> {
    return this.db
      .selectFrom('invitations')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('email', 'in', emails)
      .execute()
  }

  /** Those of the addresses that belong to members already. */
  async listMemberEmails(organizationId: string, emails: readonly string[]): Promise<string[]> {
    const rows = await this.db
      .selectFrom('memberships')
      .innerJoin('users', 'users.id', 'memberships.user_id')
      .select('users.email')
      .where('memberships.organization_id', '=', organizationId)
      .where('users.email', 'in', emails)
      .execute()
    return rows.map(({ email }) => email)
  }

  /**
   * The pending invitation with this token, of whichever organization: who holds the token is let in by it, and learns
   * the organization from the row.
   */
  findByTokenHash(tokenHash: string, now: number): Promise<OpenedInvitationRow | undefined> {
    return this.sent()
      .innerJoin('organizations', 'organizations.id', 'invitations.organization_id')
      .select('organizations.name as organization_name')
      .where('invitations.token_hash', '=', tokenHash)
      .where('invitations.expires_at', '>', now)
      .executeTakeFirst()
  }

  /** The user's role in whichever of their organizations this invitation belongs to. */
  async findRoleBeside(userId: string, id: string): Promise<string | undefined> {
    const row = await this.db
      .selectFrom('invitations')
      .innerJoin('memberships', 'memberships.organization_id', 'invitations.organization_id')
      .select('memberships.role')
      .where('memberships.user_id', '=', userId)
      .where('invitations.id', '=', id)
      .executeTakeFirst()
    return row?.role
  }

  /** Uses a pending invitation up; of two at the same time one gets the row, the other undefined. */
  take(
    { organization_id, id, token_hash }: InvitationToken,
    now: number,
  ): Promise<InvitationRow | undefined> {
    return this.db
      .deleteFrom('invitations')
      .where('organization_id', '=', organization_id)
      .where('id', '=', id)
      .where('token_hash', '=', token_hash)
      .where('expires_at', '>', now)
      .returningAll()
      .executeTakeFirst()
  }

  async delete(organizationId: string, id: string): Promise<void> {
    await this.db
      .deleteFrom('invitations')
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .execute()
  }

  private sent() {
    return this.db
      .selectFrom('invitations')
      .leftJoin('users', 'users.id', 'invitations.invited_by_user_id')
      .selectAll('invitations')
      .select('users.full_name as inviter_full_name')
  }
}
