import { KEY_FORMATS } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { readAccessToken } from '../tokens/access-token'
import { ACCESS_TOKEN_FORMAT, type AccessTokenPrincipal } from './principal'

const invalid = (): DomainError =>
  new DomainError('INVALID_OR_EXPIRED_TOKEN', { message: 'Invalid, expired or revoked access token' })

/**
 * Who an access token was made for. It is signed, but good only while the sign-in that it came of is not ended, which is
 * looked up each time.
 * @throws DomainError INVALID_OR_EXPIRED_TOKEN, USER_NOT_ACTIVE
 */
export const resolveAccessToken = async (
  context: DomainContext,
  token: string,
): Promise<AccessTokenPrincipal> => {
  const claims = await readAccessToken(context, token)
  const row = claims && (await context.storage.hot.findAccessToken(claims.tokenId))
  if (!row || row.user_id !== claims.userId) throw invalid()
  if (row.ended_at !== null || row.expires_at <= context.clock()) throw invalid()
  if (row.is_active === 0) throw new DomainError('USER_NOT_ACTIVE')
  return {
    kind: 'accessToken',
    format: ACCESS_TOKEN_FORMAT,
    userId: row.user_id,
    // The sign-in that it came of, as the export of the account names it: its tokens are told apart nowhere.
    credentialId: row.family_id,
    scopes: KEY_FORMATS[ACCESS_TOKEN_FORMAT].scopes,
    pinnedOrganizationId: null,
  }
}
