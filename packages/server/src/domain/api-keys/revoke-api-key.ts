import type { ApiKeyRow } from '../../storage/stores/api-key-store'
import type { DomainContext } from '../domain-context'
import type { Actor } from '../principals/actor'
import { getApiKey } from './find-api-key'
import { recordKeyAct } from './record-key-act'

/** Ends a key from the next request on. Revoking it again changes nothing. @throws DomainError NOT_FOUND */
export const revokeApiKey = async (context: DomainContext, actor: Actor, id: string): Promise<ApiKeyRow> => {
  const { storage, clock, logger } = context
  const { principal } = actor
  await storage.transaction(async stores => {
    const row = await getApiKey(stores, principal, id)
    if ((await stores.apiKeys.revoke(principal.userId, id, clock())) > 0)
      await recordKeyAct(context, stores, actor, row, 'api_key.revoked', { name: row.name })
  })
  logger.info(
    { event: 'api_key.revoked', keyId: id, userId: principal.userId, by: principal.credentialId },
    'API key revoked',
  )
  return getApiKey(storage, principal, id)
}
