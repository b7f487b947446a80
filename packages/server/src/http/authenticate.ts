import type { DomainContext } from '../domain/domain-context'
import { DomainError } from '../domain/domain-error'
import type { Principal } from '../domain/principals/principal'
import { resolveAccessToken } from '../domain/principals/resolve-access-token'
import { resolveApiKey } from '../domain/principals/resolve-api-key'
import { resolveSession } from '../domain/principals/resolve-session'
import type { Credential, Dialect } from './dialect'

/**
 * Who the credential belongs to. A bad one is an error; it never makes way for a credential of lower rank.
 * @throws DomainError AUTHENTICATION_REQUIRED, INVALID_OR_EXPIRED_TOKEN, INVALID_API_KEY, USER_NOT_ACTIVE
 */
export const authenticate = (
  context: DomainContext,
  { keyFormats, takesAccessTokens }: Pick<Dialect, 'keyFormats' | 'takesAccessTokens'>,
  credential: Credential | undefined,
): Promise<Principal> => {
  if (!credential) throw new DomainError('AUTHENTICATION_REQUIRED')
  if (credential.kind === 'session') return resolveSession(context, credential.token)
  if (credential.kind === 'apiKey') return resolveApiKey(context, credential.key, keyFormats)
  if (!takesAccessTokens) throw new DomainError('INVALID_OR_EXPIRED_TOKEN')
  return resolveAccessToken(context, credential.token)
}
