import type { MemberRow } from '../../storage/stores/membership-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'

/** @throws DomainError FORBIDDEN if the user is no member (any more) */
export const getMembership = async (
  { storage }: DomainContext,
  organizationId: string,
  userId: string,
): Promise<MemberRow> => {
  const member = await storage.memberships.findOfUser(organizationId, userId)
  if (!member) throw new DomainError('FORBIDDEN')
  return member
}
