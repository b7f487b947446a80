import { type Kysely, sql } from 'kysely'
import type { Database, MembershipTable } from '../schema'
import { contains, type PageRequest, type PageResult, selectPage } from './page'

export type MembershipRow = MembershipTable

/** A membership with its user's name and address. */
export interface MemberRow extends MembershipRow {
  email: string
  full_name: string
}

/** A membership with its organization's name. */
export interface NamedMembershipRow extends MembershipRow {
  organization_name: string
}

/** Who belongs to an organization, and as what. */
export class MembershipStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: MembershipRow): Promise<void> {
    await this.db.insertInto('memberships').values(row).execute()
  }

  async count(organizationId: string): Promise<number> {
    const row = await this.db
      .selectFrom('memberships')
      .select(sql<number>`count(*)`.as('n'))
      .where('organization_id', '=', organizationId)
      .executeTakeFirstOrThrow()
    return Number(row.n)
  }

  async countOwners(organizationId: string): Promise<number> {
    const row = await this.db
      .selectFrom('memberships')
      .select(sql<number>`count(*)`.as('n'))
      .where('organization_id', '=', organizationId)
      .where('role', '=', 'owner')
      .executeTakeFirstOrThrow()
    return Number(row.n)
  }

  find(organizationId: string, id: string): Promise<MemberRow | undefined> {
    return this.members(organizationId).where('memberships.id', '=', id).executeTakeFirst()
  }

  findOfUser(organizationId: string, userId: string): Promise<MemberRow | undefined> {
    return this.members(organizationId).where('memberships.user_id', '=', userId).executeTakeFirst()
  }

  list(organizationId: string, page: PageRequest, role: string | undefined): Promise<PageResult<MemberRow>> {
    let query = this.members(organizationId)
    const { q } = page
    if (role !== undefined) query = query.where('memberships.role', '=', role)
    if (q) {
      query = query.where(where =>
        where.or([contains(sql.ref('users.full_name'), q), contains(sql.ref('users.email'), q)]),
      )
    }
    const sortColumns = {
      createdAt: sql.ref('memberships.created_at'),
      fullName: sql`lower(users.full_name)`,
      email: sql.ref('users.email'),
    }
    return selectPage(query, page, sortColumns, sql.ref('memberships.id'))
  }

  async update(
    organizationId: string,
    id: string,
    changes: Pick<MembershipRow, 'role' | 'updated_at'>,
  ): Promise<void> {
    await this.db
      .updateTable('memberships')
      .set(changes)
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .execute()
  }

  async delete(organizationId: string, id: string): Promise<void> {
    await this.db
      .deleteFrom('memberships')
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .execute()
  }

  /** Whether a membership of this id is in any organization that the user is a member of. */
  async existsForMember(userId: string, id: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('memberships')
      .innerJoin('memberships as own', 'own.organization_id', 'memberships.organization_id')
      .select('memberships.id')
      .where('own.user_id', '=', userId)
      .where('memberships.id', '=', id)
      .executeTakeFirst()
    return row !== undefined
  }

  /** In the order of organizations' ids. */
  listOfUserByOrganization(userId: string): Promise<MembershipRow[]> {
    return this.db
      .selectFrom('memberships')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('organization_id')
      .execute()
  }

  /** Oldest first. */
  listOfUser(userId: string): Promise<NamedMembershipRow[]> {
    return this.db
      .selectFrom('memberships')
      .innerJoin('organizations', 'organizations.id', 'memberships.organization_id')
      .selectAll('memberships')
      .select('organizations.name as organization_name')
      .where('memberships.user_id', '=', userId)
      .orderBy('memberships.created_at')
      .orderBy('memberships.id')
      .execute()
  }

  private members(organizationId: string) {
    return this.db
      .selectFrom('memberships')
      .innerJoin('users', 'users.id', 'memberships.user_id')
      .selectAll('memberships')
      .select(['users.email', 'users.full_name'])
      .where('memberships.organization_id', '=', organizationId)
  }
}
