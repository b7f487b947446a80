import type { PageRequest, PageResult } from '../../storage/stores/page'
import type { ProjectWithCreatorRow } from '../../storage/stores/project-store'
import type { DomainContext } from '../domain-context'

/** @param status only projects in this status */
export const listProjects = (
  { storage }: DomainContext,
  organizationId: string,
  page: PageRequest,
  status: string | undefined,
): Promise<PageResult<ProjectWithCreatorRow>> => storage.projects.list(organizationId, page, status)
