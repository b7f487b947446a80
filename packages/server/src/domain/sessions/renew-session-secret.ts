import type { Stores } from '../../storage/storage'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { SessionPrincipal } from '../principals/principal'
import { hashSecret } from '../secret-hash'
import type { OpenedSession } from './create-session'

/**
 * Gives a session a new id and secret, as at every change of what it may do: whoever had the old ones has nothing
 * (ASVS 7.2.4). It is fresh from now on, as its user was just asked for a proof.
 * @throws DomainError INVALID_OR_EXPIRED_TOKEN if it has ended meanwhile
 */
export const renewSessionSecret = async (
  { clock, newId, randomBytes }: DomainContext,
  stores: Stores,
  { session: { id, user_id } }: SessionPrincipal,
): Promise<OpenedSession> => {
  const now = clock()
  const token = randomBytes(32).toString('base64url')
  const changes = { id: newId(), token_hash: hashSecret(token), authenticated_at: now }
  const session = await stores.sessions.replaceSecret(user_id, id, changes)
  if (!session) throw new DomainError('INVALID_OR_EXPIRED_TOKEN')
  return { token, session }
}
