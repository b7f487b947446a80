import type { Contract } from '@snoop/sdk/contract'
import { createApiKey } from '../../domain/api-keys/create-api-key'
import { describeApiKey } from '../../domain/api-keys/describe-api-key'
import { getApiKey, listApiKeys } from '../../domain/api-keys/find-api-key'
import { revokeApiKey } from '../../domain/api-keys/revoke-api-key'
import { rotateApiKey } from '../../domain/api-keys/rotate-api-key'
import { updateApiKey } from '../../domain/api-keys/update-api-key'
import { verifyApiKey } from '../../domain/api-keys/verify-api-key'
import type { DomainContext } from '../../domain/domain-context'
import type { ApiKeyRow } from '../../domain/records'
import type { Handlers } from '../../http/request-context'
import { presentApiKey, presentIssuedApiKey, presentVerification } from './present-api-key'

const toTime = (timestamp: string | undefined): number | undefined =>
  timestamp === undefined ? undefined : Date.parse(timestamp)

export const apiKeyHandlers = (domain: DomainContext): Handlers<Contract>['apiKeys'] => {
  const present = async (row: ApiKeyRow) => presentApiKey(await describeApiKey(domain, row))
  return {
    create: async ({ body }, { actor }) => {
      const { expiresIn, scopes = [], permissions = null, metadata = null, ...rest } = body
      const input = { ...rest, scopes, permissions, metadata, expiresInSeconds: expiresIn ?? null }
      return presentIssuedApiKey(await createApiKey(domain, actor, input))
    },

    list: async ({ query: { state, format, unusedSince, expiringBefore, ...page } }, { principal }) => {
      const filter = {
        state,
        format,
        unusedSince: toTime(unusedSince),
        expiringBefore: toTime(expiringBefore),
      }
      const { items, total } = await listApiKeys(domain, principal, page, filter)
      return { items: await Promise.all(items.map(present)), total }
    },

    get: async ({ query: { id } }, { principal }) => present(await getApiKey(domain.storage, principal, id)),

    update: async ({ body: { keyId, expiresAt, ...rest } }, { actor }) => {
      const change = { ...rest, expiresAt: typeof expiresAt === 'string' ? Date.parse(expiresAt) : expiresAt }
      return present(await updateApiKey(domain, actor, keyId, change))
    },

    delete: async ({ body: { keyId } }, { actor }) => present(await revokeApiKey(domain, actor, keyId)),

    rotate: async ({ body: { keyId, gracePeriod, expiresIn } }, { actor, idempotencyKey }) => {
      const rotation = {
        keyId,
        gracePeriodSeconds: gracePeriod,
        expiresInSeconds: expiresIn,
        requestKey: idempotencyKey,
      }
      return presentIssuedApiKey(await rotateApiKey(domain, actor, rotation))
    },

    verify: async ({ body: { key, scopes = [], organizationId } }, { principal }) =>
      presentVerification(await verifyApiKey(domain, principal, { key, scopes, organizationId })),
  }
}
