import { type Kysely, sql } from 'kysely'
import type { Database, OrganizationTable } from '../schema'
import { contains, type PageRequest, type PageResult, selectPage } from './page'

export type OrganizationRow = OrganizationTable

/** An organization as one of its members sees it. */
export interface MemberOrganizationRow extends OrganizationRow {
  role: string
  member_count: number
}

/** An organization with its member's role and how many share it. */
export interface JoinedOrganizationRow extends MemberOrganizationRow {
  owner_count: number
}

export class OrganizationStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: OrganizationRow): Promise<void> {
    await this.db.insertInto('organizations').values(row).execute()
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

  /**
   * Holds the organization to the end of the transaction: nobody joins or leaves it meanwhile, and what is counted in it
   * stays counted. Rows that only point to it can be written all the same, as each of them holds its key.
   * @returns the row, or undefined if there is none
   */
  lock(organizationId: string): Promise<OrganizationRow | undefined> {
    return this.db
      .selectFrom('organizations')
      .selectAll()
      .where('id', '=', organizationId)
      .forNoKeyUpdate()
      .executeTakeFirst()
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
      .forNoKeyUpdate()
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
}
