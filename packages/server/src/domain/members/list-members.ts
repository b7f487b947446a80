import type { MemberRow } from '../../storage/stores/membership-store'
import type { PageRequest, PageResult } from '../../storage/stores/page'
import type { DomainContext } from '../domain-context'

/** @param role undefined: members of every role */
export const listMembers = (
  { storage }: DomainContext,
  organizationId: string,
  page: PageRequest,
  role: string | undefined,
): Promise<PageResult<MemberRow>> => storage.memberships.list(organizationId, page, role)
