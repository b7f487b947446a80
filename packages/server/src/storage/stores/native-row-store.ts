import type { Kysely } from 'kysely'
import { columnsOf, type EngineName, tableColumns } from '../row-columns'
import type { RowQuery } from '../row-filter'
import type { Database } from '../schema'
import { selectRows } from '../select-rows'
import type { MemberRow } from './membership-store'
import type { PageResult } from './page'
import type { ProjectRow } from './project-store'

const projectColumns = columnsOf('projects')

const memberColumns = tableColumns({
  id: 'memberships.user_id',
  created_at: 'memberships.created_at',
  updated_at: 'memberships.updated_at',
  email: 'users.email',
  name: 'users.full_name',
  role: 'memberships.role',
})

/** Projects and members, asked for as rows of resources are. */
export class NativeRowStore {
  constructor(
    private readonly db: Kysely<Database>,
    private readonly engine: EngineName,
  ) {}

  listProjects(organizationId: string, query: RowQuery): Promise<PageResult<ProjectRow>> {
    const projects = this.db.selectFrom('projects').selectAll().where('organization_id', '=', organizationId)
    return selectRows(projects, query, projectColumns, this.engine)
  }

  /** The id of such a row is the user's. */
  listMembers(organizationId: string, query: RowQuery): Promise<PageResult<MemberRow>> {
    const members = this.db
      .selectFrom('memberships')
      .innerJoin('users', 'users.id', 'memberships.user_id')
      .selectAll('memberships')
      .select(['users.email', 'users.full_name'])
      .where('memberships.organization_id', '=', organizationId)
    return selectRows(members, query, memberColumns, this.engine)
  }
}
