import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { SessionPrincipal } from '../principals/principal'

/** Ends one session of the caller. @throws DomainError NOT_FOUND if it is no live session of theirs */
export const revokeSession = async (
  { storage, clock, logger }: DomainContext,
  principal: SessionPrincipal,
  id: string,
): Promise<number> => {
  const count = await storage.sessions.delete(principal.userId, id, clock())
  if (count === 0) throw new DomainError('NOT_FOUND', { message: 'You have no session with this id' })
  logger.info({ event: 'session.revoked', userId: principal.userId, sessionId: id }, 'session revoked')
  return count
}

/** Ends every session of the caller, or every other one. @returns how many ended */
export const revokeSessions = async (
  { storage, clock, logger }: DomainContext,
  principal: SessionPrincipal,
  { keepCurrent }: { keepCurrent: boolean },
): Promise<number> => {
  const count = await storage.sessions.deleteAll(
    principal.userId,
    clock(),
    keepCurrent ? principal.session.id : undefined,
  )
  logger.info({ event: 'session.revoked_all', userId: principal.userId, count }, 'sessions revoked')
  return count
}
