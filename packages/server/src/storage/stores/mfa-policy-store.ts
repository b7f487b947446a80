import { type Kysely, sql } from 'kysely'
import type { Database, OrganizationTable } from '../schema'
import type { MemberRow } from './membership-store'
import { contains, type PageRequest, type PageResult, selectPage } from './page'

export type MfaPolicyRow = Pick<OrganizationTable, 'mfa_required_at' | 'mfa_grace_days'>

/** A member with what an MFA policy is judged by. */
export interface MemberFactorRow extends MemberRow {
  two_factor_enabled: number
}

/** How many members there are, by what an MFA policy is judged by. */
export interface MemberFactorCounts {
  readonly members: number
  readonly withTwoFactor: number
  /** Without it, and joined at the given time or earlier. */
  readonly withoutSince: number
}

/** The MFA policies of organizations, and how their members stand. */
export class MfaPolicyStore {
  constructor(private readonly db: Kysely<Database>) {}

  find(organizationId: string): Promise<MfaPolicyRow | undefined> {
    return this.db
      .selectFrom('organizations')
      .select(['mfa_required_at', 'mfa_grace_days'])
      .where('id', '=', organizationId)
      .executeTakeFirst()
  }

  async countMembers(organizationId: string, joinedUntil: number): Promise<MemberFactorCounts> {
    const hasOne = sql`users.two_factor_enabled = 1`
    const isOld = sql`memberships.created_at <= ${joinedUntil}`
    const row = await this.db
      .selectFrom('memberships')
      .innerJoin('users', 'users.id', 'memberships.user_id')
      .select([
        sql<number>`count(*)`.as('members'),
        sql<number>`count(case when ${hasOne} then 1 end)`.as('with_two_factor'),
        sql<number>`count(case when not ${hasOne} and ${isOld} then 1 end)`.as('without_since'),
      ])
      .where('memberships.organization_id', '=', organizationId)
      .executeTakeFirstOrThrow()
    return {
      members: Number(row.members),
      withTwoFactor: Number(row.with_two_factor),
      withoutSince: Number(row.without_since),
    }
  }

  listMembers(organizationId: string, page: PageRequest): Promise<PageResult<MemberFactorRow>> {
    let query = this.db
      .selectFrom('memberships')
      .innerJoin('users', 'users.id', 'memberships.user_id')
      .selectAll('memberships')
      .select(['users.email', 'users.full_name', 'users.two_factor_enabled'])
      .where('memberships.organization_id', '=', organizationId)
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
}
