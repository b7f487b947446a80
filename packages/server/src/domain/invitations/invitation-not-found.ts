import type { DomainContext } from '../domain-context'
import type { DomainError } from '../domain-error'
import { notFoundHere } from '../not-found-here'
import type { Principal } from '../principals/principal'
import { mayInvite } from './invitation-state'

/** Why an invitation is not to be had under this organization; elsewhere only those may see it who may invite there. */
export const invitationNotFound = (
  { storage }: DomainContext,
  principal: Principal,
  id: string,
): Promise<DomainError> =>
  notFoundHere(principal, 'invitation', async userId =>
    mayInvite(await storage.invitations.findRoleBeside(userId, id), 'member'),
  )
