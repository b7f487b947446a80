import { SCOPES } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { hashSecret } from '../secret-hash'
import { decideRenewal, isFresh } from '../sessions/session-lifetime'
import type { SessionPrincipal } from './principal'

const TOKEN_LENGTH = 43

/**
 * Who holds this session token. A session used at least a day after its last renewal is renewed.
 * @throws DomainError INVALID_OR_EXPIRED_TOKEN, USER_NOT_ACTIVE
 */
export const resolveSession = async (context: DomainContext, token: string): Promise<SessionPrincipal> => {
  const { storage, clock, uses } = context
  const row = token.length === TOKEN_LENGTH ? await storage.hot.findSession(hashSecret(token)) : undefined
  const now = clock()
  if (!row || row.expires_at <= now) throw new DomainError('INVALID_OR_EXPIRED_TOKEN')
  const { is_active, ...session } = row
  if (is_active === 0) throw new DomainError('USER_NOT_ACTIVE')
  const renewedUntil = decideRenewal(session, now)
  if (renewedUntil !== undefined) {
    session.expires_at = renewedUntil
    session.renewed_at = now
    await storage.sessions.update(session.id, { expires_at: renewedUntil, renewed_at: now })
  }
  uses.recordSession(session.id)
  return {
    kind: 'session',
    userId: session.user_id,
    credentialId: session.id,
    scopes: SCOPES,
    pinnedOrganizationId: null,
    session,
    isFresh: isFresh(session, now),
    isRenewed: renewedUntil !== undefined,
  }
}
