import type { SessionRow } from '../../storage/stores/session-store'
import type { DomainContext } from '../domain-context'

/** Live sessions of a user, newest first. */
export const listSessions = ({ storage, clock }: DomainContext, userId: string): Promise<SessionRow[]> =>
  storage.sessions.listLive(userId, clock())
