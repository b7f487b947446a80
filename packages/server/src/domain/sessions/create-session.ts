import type { Stores } from '../../storage/storage'
import type { SessionRow } from '../../storage/stores/session-store'
import { keptUserAgent } from '../devices/kept-user-agent'
import type { DomainContext } from '../domain-context'
import { hashSecret } from '../secret-hash'
import { sessionExpiry } from './session-lifetime'

/** From where a session is opened. */
export interface Device {
  readonly ipAddress: string
  readonly userAgent: string
}

/** A new session and its secret, which goes into the cookie and is kept nowhere else. */
export interface OpenedSession {
  readonly token: string
  readonly session: SessionRow
}

/** Opens a session with 256 random bits of secret. */
export const createSession = async (
  { clock, newId, randomBytes }: DomainContext,
  stores: Stores,
  userId: string,
  device: Device,
  remember: boolean,
): Promise<OpenedSession> => {
  const now = clock()
  const token = randomBytes(32).toString('base64url')
  const session: SessionRow = {
    id: newId(),
    user_id: userId,
    token_hash: hashSecret(token),
    ip_address: device.ipAddress,
    user_agent: keptUserAgent(device),
    created_at: now,
    authenticated_at: now,
    renewed_at: now,
    last_seen_at: now,
    expires_at: sessionExpiry(now, now),
    remember: remember ? 1 : 0,
  }
  await stores.sessions.insert(session)
  return { token, session }
}
