import type { ApiKeyRow } from '../../storage/stores/api-key-store'
import type { DomainContext } from '../domain-context'
import type { Principal } from '../principals/principal'
import { getApiKey } from './find-api-key'

/** Ends a key from the next request on. Revoking it again changes nothing. @throws DomainError NOT_FOUND */
export const revokeApiKey = async (
  context: DomainContext,
  principal: Principal,
  id: string,
): Promise<ApiKeyRow> => {
  const { storage, clock, logger } = context
  await getApiKey(storage, principal, id)
  await storage.apiKeys.revoke(principal.userId, id, clock())
  logger.info(
    { event: 'api_key.revoked', keyId: id, userId: principal.userId, by: principal.credentialId },
    'API key revoked',
  )
  return getApiKey(storage, principal, id)
}
