import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { SessionPrincipal } from '../principals/principal'
import { withUserLocked } from '../with-user-locked'
import { endOtherProofs } from './end-other-proofs'

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

/**
 * Ends every session of the caller, or every other one. Whoever does that fears that somebody else got in: so links and
 * challenges that wait are dead, too, and no device is trusted any more.
 * @returns how many sessions ended
 */
export const revokeSessions = async (
  context: DomainContext,
  { userId, session }: SessionPrincipal,
  { keepCurrent }: { keepCurrent: boolean },
): Promise<number> => {
  const count = await withUserLocked(context, userId, stores =>
    endOtherProofs(context, stores, userId, keepCurrent ? session.id : undefined),
  )
  context.logger.info({ event: 'session.revoked_all', userId, count }, 'sessions revoked')
  return count
}
