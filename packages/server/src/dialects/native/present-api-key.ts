import type { ApiKey, ApiKeyVerification, CreatedApiKey, KeyFormat } from '@snoop/sdk/contract'
import type { IssuedApiKey } from '../../domain/api-keys/create-api-key'
import type { DescribedApiKey } from '../../domain/api-keys/describe-api-key'
import { metadataOf, permissionsOf, scopesOf } from '../../domain/api-keys/key-columns'
import type { KeyVerification } from '../../domain/api-keys/verify-api-key'
import { toTimestamp, toTimestampOrNull } from '../../http/timestamp'

export const presentApiKey = ({ row, ...described }: DescribedApiKey): ApiKey => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  start: row.start,
  format: row.format as KeyFormat,
  userId: row.user_id,
  organizationId: row.organization_id,
  state: described.state,
  enabled: row.enabled === 1,
  scopes: scopesOf(row),
  permissions: permissionsOf(row),
  metadata: metadataOf(row),
  expiresAt: toTimestampOrNull(row.expires_at),
  rateLimitEnabled: row.rate_limit_enabled === 1,
  rateLimitMax: row.rate_limit_max,
  rateLimitTimeWindow: row.rate_limit_window_ms,
  refillInterval: row.refill_interval_ms,
  refillAmount: row.refill_amount,
  requestCount: described.requestCount,
  remaining: described.remaining,
  lastRequest: toTimestampOrNull(described.lastRequestAt),
  rotatedTo: row.rotated_to,
  createdAt: toTimestamp(row.created_at),
  updatedAt: toTimestamp(row.updated_at),
})

export const presentIssuedApiKey = ({ row, key }: IssuedApiKey): CreatedApiKey => ({
  id: row.id,
  name: row.name,
  key,
  scopes: scopesOf(row),
  expiresAt: toTimestampOrNull(row.expires_at),
})

export const presentVerification = ({
  code,
  row,
  scopes,
  rateLimit,
}: KeyVerification): ApiKeyVerification => ({
  valid: code === 'VALID',
  code,
  keyId: row?.id ?? null,
  userId: row?.user_id ?? null,
  scopes: [...scopes],
  organizationId: row?.organization_id ?? null,
  rateLimit: rateLimit && {
    limit: rateLimit.limit,
    remaining: rateLimit.remaining,
    reset: rateLimit.resetSeconds,
  },
  expiresAt: toTimestampOrNull(row?.expires_at ?? null),
})
