import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { Principal } from '../principals/principal'
import { mayInvite } from './invitation-state'

/**
 * Why an invitation is not to be had under this organization: it belongs to another one whose invitations the caller may
 * see, which may be said, or it is a stranger's or nobody's, which must look the same.
 */
export const invitationNotFound = async (
  { storage }: DomainContext,
  { userId, pinnedOrganizationId }: Principal,
  id: string,
): Promise<DomainError> => {
  const roleElsewhere =
    pinnedOrganizationId === null ? await storage.invitations.findRoleBeside(userId, id) : undefined
  return mayInvite(roleElsewhere, 'member')
    ? new DomainError('TENANT_VIOLATION', {
        message: 'This invitation belongs to another of your organizations',
      })
    : new DomainError('NOT_FOUND', { message: 'There is no invitation with this id in this organization' })
}
