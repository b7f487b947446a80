import type { KeyFormat } from '@snoop/sdk/contract'
import type { ApiKeyCredentialRow } from '../../storage/hot-queries'
import { isKeyAccepted } from '../api-keys/api-key-state'
import { permissionsOf, scopesOf } from '../api-keys/key-columns'
import { formatOfKey } from '../api-keys/key-formats'
import type { ActorFacts } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { RateLimitRule } from '../rate-limits/decide-rate-limit'
import { hashSecret } from '../secret-hash'
import type { ApiKeyPrincipal } from './principal'

/** The limit that a key carries; null: none. */
export const keyRateLimit = (
  row: Pick<
    ApiKeyCredentialRow,
    'rate_limit_enabled' | 'rate_limit_max' | 'rate_limit_window_ms' | 'refill_interval_ms' | 'refill_amount'
  >,
): RateLimitRule | null => {
  if (!row.rate_limit_enabled) return null
  const { rate_limit_max: max, rate_limit_window_ms: windowMs, refill_interval_ms, refill_amount } = row
  if (refill_interval_ms === null || refill_amount === null) return { max, windowMs }
  return { max, windowMs, refill: { amount: refill_amount, intervalMs: refill_interval_ms } }
}

/**
 * What requests with a key are counted under: two secrets of one key make the requests of one, so a rotated key counts with
 * its successor as long as it lives. That is one step at most: who rotates the successor ends the key before it.
 */
export const limiterSubjectOf = ({
  id,
  rotated_to,
}: Pick<ApiKeyCredentialRow, 'id' | 'rotated_to'>): string => rotated_to ?? id

const toPrincipal = (row: ApiKeyCredentialRow): ApiKeyPrincipal => ({
  kind: 'apiKey',
  userId: row.user_id,
  credentialId: row.id,
  format: row.format as KeyFormat,
  scopes: scopesOf(row),
  permissions: permissionsOf(row),
  pinnedOrganizationId: row.organization_id,
  rateLimit: keyRateLimit(row),
  limiterSubject: limiterSubjectOf(row),
  expiresAt: row.expires_at,
})

/** Storage gives the same row object until something changes, so its principal is kept with it. */
const principals = new WeakMap<ApiKeyCredentialRow, ApiKeyPrincipal>()

const principalOf = (row: ApiKeyCredentialRow): ApiKeyPrincipal => {
  const kept = principals.get(row)
  if (kept) return kept
  const principal = toPrincipal(row)
  principals.set(row, principal)
  return principal
}

/**
 * Whose key this is. A mistyped one is refused by its checksum, without a look-up.
 * @param formats that are good where the key was sent
 * @throws DomainError INVALID_API_KEY, USER_NOT_ACTIVE
 */
export const resolveApiKey = async (
  context: DomainContext,
  key: string,
  formats: readonly KeyFormat[],
): Promise<ApiKeyPrincipal> => {
  const { storage, clock, uses } = context
  const format = formatOfKey(key)
  if (!format || !formats.includes(format)) throw new DomainError('INVALID_API_KEY')
  const keyHash = hashSecret(key)
  const row = await storage.hot.findApiKey(keyHash)
  if (row?.format !== format) throw new DomainError('INVALID_API_KEY')
  if (!isKeyAccepted(row, clock())) {
    reportRotatedOutUse(context, row)
    throw new DomainError('INVALID_API_KEY')
  }
  if (row.is_active === 0) throw new DomainError('USER_NOT_ACTIVE')
  if (row.rotation_request_hash !== null && !(await storage.apiKeys.confirmRotation(keyHash)))
    throw new DomainError('INVALID_API_KEY')
  uses.recordKey(row.id)
  return principalOf(row)
}

/** What the use of a secret tells of who did it: whose it is, but not from where. */
const holderOf = ({ id, user_id }: ApiKeyCredentialRow): ActorFacts => ({
  userId: user_id,
  credentialType: 'api_key',
  credentialId: id,
  ipAddress: null,
  userAgent: null,
  requestId: null,
})

/**
 * Somebody still has the old secret of a rotated key: a forgotten copy, or a thief. The organization that the key is
 * pinned to finds it in its audit log.
 */
export const reportRotatedOutUse = ({ logger, refusals }: DomainContext, row: ApiKeyCredentialRow): void => {
  if (row.rotated_to === null) return
  logger.warn(
    { event: 'api_key.rotated_out_used', keyId: row.id, userId: row.user_id, rotatedTo: row.rotated_to },
    'a rotated-out key was used',
  )
  if (row.organization_id === null) return
  refusals.record({
    by: holderOf(row),
    organizationId: row.organization_id,
    action: 'api_key.rotated_out_used',
    outcome: 'refused',
    resource: { type: 'api_key', id: row.id },
    details: { rotatedTo: row.rotated_to },
  })
}
