import type { Stores } from '../../storage/storage'
import type { DomainContext } from '../domain-context'
import { hashSecret } from '../secret-hash'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** What a mailed link is for, and how long it works. */
const VALID_FOR_MS = {
  'verify-email': 24 * HOUR_MS,
  'change-email': 24 * HOUR_MS,
  'reset-password': HOUR_MS,
  'magic-link': 5 * MINUTE_MS,
} as const
export type LinkPurpose = keyof typeof VALID_FOR_MS

export interface NewLink {
  readonly userId: string
  readonly purpose: LinkPurpose
  /** The address that it is sent to, normalised. */
  readonly email: string
  /** Where the browser goes in the end; resolved. */
  readonly callbackUrl: string | null
  /** The session that asked for it, where what the link does is to leave that one alone. */
  readonly sessionId: string | null
  /** Whether a session that it opens outlives the browser. */
  readonly remember: boolean
}

/** The secret of a link, which goes into the mail and is kept nowhere else. */
export interface MadeLink {
  readonly token: string
  readonly validForMs: number
}

/**
 * Makes a link with 256 random bits of secret; those that the user was sent for the same purpose before are dead. Call
 * with the user locked, so that of many at once one lives.
 */
export const makeLink = async (
  { clock, newId, randomBytes }: DomainContext,
  stores: Stores,
  { userId, purpose, email, callbackUrl, sessionId, remember }: NewLink,
): Promise<MadeLink> => {
  const now = clock()
  const token = randomBytes(32).toString('base64url')
  const validForMs = VALID_FOR_MS[purpose]
  await stores.linkTokens.replace({
    id: newId(),
    user_id: userId,
    purpose,
    token_hash: hashSecret(token),
    email,
    callback_url: callbackUrl,
    created_at: now,
    expires_at: now + validForMs,
    used_at: null,
    session_id: sessionId,
    remember: remember ? 1 : 0,
  })
  return { token, validForMs }
}
