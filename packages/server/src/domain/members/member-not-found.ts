import type { DomainContext } from '../domain-context'
import type { DomainError } from '../domain-error'
import { notFoundHere } from '../not-found-here'
import type { Principal } from '../principals/principal'

/** Why a membership is not to be had under this organization. */
export const memberNotFound = (
  { storage }: DomainContext,
  principal: Principal,
  id: string,
): Promise<DomainError> =>
  notFoundHere(principal, 'member', userId => storage.memberships.existsForMember(userId, id))
