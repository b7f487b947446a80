import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { AccessTokenPrincipal } from './principal'

/**
 * Who an access token was made for.
 * @throws DomainError INVALID_OR_EXPIRED_TOKEN, USER_NOT_ACTIVE
 */
export const resolveAccessToken = async (
  _context: DomainContext,
  _token: string,
): Promise<AccessTokenPrincipal> => {
  throw new DomainError('INVALID_OR_EXPIRED_TOKEN')
}
