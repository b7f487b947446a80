import type { Stores } from '../../storage/storage'
import type { TokenFamilyRow } from '../../storage/stores/token-family-store'
import type { UserRow } from '../../storage/stores/user-store'
import { keptUserAgent } from '../devices/kept-user-agent'
import type { DomainContext } from '../domain-context'
import { hashSecret } from '../secret-hash'
import { noteSignIn } from '../sign-in/note-sign-in'
import type { Visit } from '../sign-in/visit'
import { signAccessToken } from './access-token'

const SECOND_MS = 1000
const ACCESS_TOKEN_LIFE_MS = 24 * 3600 * SECOND_MS
/** However often it is refreshed: after this the password is asked for again. */
const FAMILY_LIFE_MS = 30 * 24 * 3600 * SECOND_MS

/** A refresh token whose access token is still to be signed. */
export interface PendingTokens {
  readonly outcome: 'granted'
  readonly refreshToken: string
  readonly tokenId: string
  readonly family: Pick<TokenFamilyRow, 'id' | 'user_id' | 'expires_at'>
}

/** What a program is given. The server keeps the refresh token's SHA-256 alone, and nothing of the access token. */
export interface IssuedTokens {
  readonly outcome: 'issued'
  readonly accessToken: string
  readonly refreshToken: string
  /** How long the access token is good for. */
  readonly expiresInSeconds: number
}

/** Adds a refresh token of 256 random bits to a family. Call with the user locked. */
export const addRefreshToken = async (
  { clock, newId, randomBytes }: DomainContext,
  stores: Stores,
  family: PendingTokens['family'],
): Promise<PendingTokens> => {
  const tokenId = newId()
  const refreshToken = randomBytes(32).toString('base64url')
  await stores.tokenFamilies.insertRefreshToken({
    id: tokenId,
    family_id: family.id,
    token_hash: hashSecret(refreshToken),
    created_at: clock(),
    used_at: null,
  })
  return { outcome: 'granted', refreshToken, tokenId, family }
}

/**
 * Opens a family for a user who has proved all that is asked for. Call with the user locked; wake the mailer after the
 * commit.
 */
export const openTokenFamily = async (
  context: DomainContext,
  stores: Stores,
  user: UserRow,
  visit: Visit,
): Promise<PendingTokens> => {
  const { clock, newId, logger } = context
  const now = clock()
  await noteSignIn(context, stores, user, 'password', visit, undefined)
  const family: TokenFamilyRow = {
    id: newId(),
    user_id: user.id,
    ip_address: visit.device.ipAddress,
    user_agent: keptUserAgent(visit.device),
    created_at: now,
    expires_at: now + FAMILY_LIFE_MS,
    ended_at: null,
  }
  await stores.tokenFamilies.insert(family)
  logger.info({ event: 'token_family.opened', userId: user.id, familyId: family.id }, 'tokens granted')
  return addRefreshToken(context, stores, family)
}

/** Signs the access token, after the commit: it lives a day, but no longer than its family. */
export const issueTokens = async (
  context: DomainContext,
  { refreshToken, tokenId, family }: PendingTokens,
): Promise<IssuedTokens> => {
  const issuedAt = Math.floor(context.clock() / SECOND_MS) * SECOND_MS
  const familyEnd = Math.floor(family.expires_at / SECOND_MS) * SECOND_MS
  const expiresAt = Math.min(issuedAt + ACCESS_TOKEN_LIFE_MS, familyEnd)
  const accessToken = await signAccessToken(context, {
    userId: family.user_id,
    tokenId,
    issuedAt,
    expiresAt,
  })
  return {
    outcome: 'issued',
    accessToken,
    refreshToken,
    expiresInSeconds: (expiresAt - issuedAt) / SECOND_MS,
  }
}
