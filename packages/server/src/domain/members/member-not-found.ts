import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { Principal } from '../principals/principal'

/**
 * Why a membership is not to be had under this organization: it belongs to another one of the same caller, which may be
 * said, or it is a stranger's or nobody's, which must look the same.
 */
export const memberNotFound = async (
  { storage }: DomainContext,
  { userId, pinnedOrganizationId }: Principal,
  id: string,
): Promise<DomainError> => {
  const isElsewhere = pinnedOrganizationId === null && (await storage.memberships.existsForMember(userId, id))
  return isElsewhere
    ? new DomainError('TENANT_VIOLATION', {
        message: 'This member belongs to another of your organizations',
      })
    : new DomainError('NOT_FOUND', { message: 'There is no member with this id in this organization' })
}
