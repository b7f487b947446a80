import type { SentInvitationRow } from '../../storage/stores/invitation-store'
import type { PageRequest, PageResult } from '../../storage/stores/page'
import type { DomainContext } from '../domain-context'

/** The invitations of an organization that are pending or expired; `q` looks in the addresses. */
export const listInvitations = (
  { storage }: DomainContext,
  organizationId: string,
  page: PageRequest,
): Promise<PageResult<SentInvitationRow>> => storage.invitations.list(organizationId, page)
