import type { DomainContext } from '../domain-context'
import type { DomainError } from '../domain-error'
import { notFoundHere } from '../not-found-here'
import type { Principal } from '../principals/principal'

/** Why a project is not to be had under this organization. */
export const projectNotFound = (
  { storage }: DomainContext,
  principal: Principal,
  id: string,
): Promise<DomainError> =>
  notFoundHere(principal, 'project', userId => storage.projects.existsForMember(userId, id))
