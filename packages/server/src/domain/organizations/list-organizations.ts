import type { MemberOrganizationRow } from '../../storage/stores/organization-store'
import type { PageRequest, PageResult } from '../../storage/stores/page'
import type { DomainContext } from '../domain-context'
import type { Principal } from '../principals/principal'

/** The organizations of the caller; a pinned key sees its own alone. */
export const listOrganizations = (
  { storage }: DomainContext,
  { userId, pinnedOrganizationId }: Principal,
  page: PageRequest,
): Promise<PageResult<MemberOrganizationRow>> =>
  storage.organizations.list(userId, pinnedOrganizationId, page)
