import { type Kysely, sql } from 'kysely'
import type { Database, MembershipTable, OrganizationTable } from '../schema'
import { contains, type PageRequest, type PageResult, selectPage } from './page'

export type OrganizationRow = OrganizationTable
export type MembershipRow = MembershipTable

/** An organization as one of its members sees it. */
export interface MemberOrganizationRow extends OrganizationRow {
  role: string
  member_count: number
}

/** A membership with its user's name and address. */
export interface MemberRow extends MembershipRow {
  email: string
  full_name: string
}

/** An organization with its member's role and how many share it. */
export interface JoinedOrganizationRow extends MemberOrganizationRow {
  owner_count: number
}

/** A membership with its organization's name. */
export interface NamedMembershipRow extends MembershipRow {
  organization_name: string
}

/** Organizations and who belongs to them. */
export class OrganizationStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(organization: OrganizationRow, owner: MembershipRow): Promise<void> {
    await this.db.insertInto('organizations').values(organization).execute()
    await this.db.insertInto('memberships').values(owner).execute()
  }

  async isSlugTaken(slug: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('organizations')
      .select('id')
      .where('slug', '=', slug)
      .executeTakeFirst()
    return row !== undefined
  }

  async update(organizationId: string, changes: Partial<Omit<OrganizationRow, 'id'>>): Promise<void> {
    await this.db.updateTable('organizations').set(changes).where('id', '=', organizationId).execute()
  }

  find(organizationId: string, userId: string): Promise<MemberOrganizationRow | undefined> {
    return this.asSeenBy(userId).where('memberships.organization_id', '=', organizationId).executeTakeFirst()
  }

  /** @param onlyOrganizationId narrows the list to one organization */
  list(
    userId: string,
    onlyOrganizationId: string | null,
    page: PageRequest,
  ): Promise<PageResult<MemberOrganizationRow>> {
    let query = this.asSeenBy(userId)
    if (onlyOrganizationId) query = query.where('organizations.id', '=', onlyOrganizationId)
    if (page.q) query = query.where(contains(sql.ref('organizations.name'), page.q))
    const sortColumns = {
      createdAt: sql.ref('organizations.created_at'),
      name: sql`lower(organizations.name)`,
    }
    return selectPage(query, page, sortColumns, sql.ref('organizations.id'))
  }

  findMember(organizationId: string, userId: string): Promise<MemberRow | undefined> {
    return this.members(organizationId).where('memberships.user_id', '=', userId).executeTakeFirst()
  }

  listMembers(organizationId: string, page: PageRequest): Promise<PageResult<MemberRow>> {
    let query = this.members(organizationId)
    const { q } = page
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

  /** Holds every organization of a user to the end of the transaction: nobody joins or leaves it meanwhile. */
  async lockJoined(userId: string): Promise<void> {
    await this.db
      .selectFrom('organizations')
      .select('id')
      .where('id', 'in', eb =>
        eb.selectFrom('memberships').select('organization_id').where('user_id', '=', userId),
      )
      .orderBy('id')
      .forUpdate()
      .execute()
  }

  /** All of them, by id. */
  listJoined(userId: string): Promise<JoinedOrganizationRow[]> {
    return this.asSeenBy(userId)
      .select(eb =>
        eb
          .selectFrom('memberships as owners')
          .whereRef('owners.organization_id', '=', 'organizations.id')
          .where('owners.role', '=', 'owner')
          .select(sql<number>`count(*)`.as('n'))
          .$asScalar()
          .$notNull()
          .as('owner_count'),
      )
      .orderBy('organizations.id')
      .execute()
  }

  /** Oldest first. */
  listMemberships(userId: string): Promise<NamedMembershipRow[]> {
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

  /** With all rows that belong to it. */
  async delete(organizationId: string): Promise<void> {
    await this.db.deleteFrom('organizations').where('id', '=', organizationId).execute()
  }

  private asSeenBy(userId: string) {
    return this.db
      .selectFrom('memberships')
      .innerJoin('organizations', 'organizations.id', 'memberships.organization_id')
      .selectAll('organizations')
      .select(eb => [
        'memberships.role',
        eb
          .selectFrom('memberships as others')
          .whereRef('others.organization_id', '=', 'organizations.id')
          .select(sql<number>`count(*)`.as('n'))
          .$asScalar()
          .$notNull()
          .as('member_count'),
      ])
      .where('memberships.user_id', '=', userId)
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
