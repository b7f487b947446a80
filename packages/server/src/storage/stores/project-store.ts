import { type Kysely, sql } from 'kysely'
import type { Database, ProjectTable } from '../schema'
import { contains, type PageRequest, type PageResult, selectPage } from './page'

export type ProjectRow = ProjectTable

/** A project with the name of who made it, if that user still exists. */
export interface ProjectWithCreatorRow extends ProjectRow {
  creator_full_name: string | null
}

export class ProjectStore {
  constructor(private readonly db: Kysely<Database>) {}

  async insert(row: ProjectRow): Promise<void> {
    await this.db.insertInto('projects').values(row).execute()
  }

  find(organizationId: string, id: string): Promise<ProjectWithCreatorRow | undefined> {
    return this.inOrganization(organizationId).where('projects.id', '=', id).executeTakeFirst()
  }

  list(
    organizationId: string,
    page: PageRequest,
    status: string | undefined,
  ): Promise<PageResult<ProjectWithCreatorRow>> {
    let query = this.inOrganization(organizationId)
    if (status) query = query.where('projects.status', '=', status)
    if (page.q) query = query.where(contains(sql.ref('projects.name'), page.q))
    const sortColumns = {
      createdAt: sql.ref('projects.created_at'),
      updatedAt: sql.ref('projects.updated_at'),
      name: sql`lower(projects.name)`,
      status: sql.ref('projects.status'),
    }
    return selectPage(query, page, sortColumns, sql.ref('projects.id'))
  }

  async count(organizationId: string): Promise<number> {
    const row = await this.db
      .selectFrom('projects')
      .select(sql<number>`count(*)`.as('n'))
      .where('organization_id', '=', organizationId)
      .executeTakeFirstOrThrow()
    return Number(row.n)
  }

  async isSlugTaken(organizationId: string, slug: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('projects')
      .select('id')
      .where('organization_id', '=', organizationId)
      .where('slug', '=', slug)
      .executeTakeFirst()
    return row !== undefined
  }

  /** @returns how many rows changed: 0 or 1 */
  async update(organizationId: string, id: string, changes: Partial<ProjectRow>): Promise<number> {
    const result = await this.db
      .updateTable('projects')
      .set(changes)
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .executeTakeFirst()
    return Number(result.numUpdatedRows)
  }

  /** @returns how many rows went: 0 or 1 */
  async delete(organizationId: string, id: string): Promise<number> {
    const result = await this.db
      .deleteFrom('projects')
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  }

  /** What a user made in the organizations that they are a member of now, oldest first. */
  listMadeBy(userId: string): Promise<ProjectRow[]> {
    return this.db
      .selectFrom('projects')
      .innerJoin('memberships', 'memberships.organization_id', 'projects.organization_id')
      .selectAll('projects')
      .where('memberships.user_id', '=', userId)
      .where('projects.created_by_user_id', '=', userId)
      .orderBy('projects.created_at')
      .orderBy('projects.id')
      .execute()
  }

  /** Whether a project of this id is in any organization that the user is a member of. */
  async existsForMember(userId: string, id: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('projects')
      .innerJoin('memberships', 'memberships.organization_id', 'projects.organization_id')
      .select('projects.id')
      .where('memberships.user_id', '=', userId)
      .where('projects.id', '=', id)
      .executeTakeFirst()
    return row !== undefined
  }

  private inOrganization(organizationId: string) {
    return this.db
      .selectFrom('projects')
      .leftJoin('users', 'users.id', 'projects.created_by_user_id')
      .selectAll('projects')
      .select('users.full_name as creator_full_name')
      .where('projects.organization_id', '=', organizationId)
  }
}
