import type { KeyScope } from '@snoop/sdk/contract'
import type { ApiKeyRow } from '../../storage/stores/api-key-store'
import { DomainError, invalidField } from '../domain-error'
import type { ApiKeyPrincipal, Principal } from '../principals/principal'
import { keyRateLimit } from '../principals/resolve-api-key'
import type { RateLimitRule } from '../rate-limits/decide-rate-limit'

/** Rights of a key that somebody wants to make or change. */
export interface KeyRights {
  readonly scopes: readonly KeyScope[]
  readonly organizationId: string | null
  readonly expiresAt: number | null
  readonly rateLimit: RateLimitRule | null
}

/** The rights that a stored key has. */
export const rightsOf = (row: ApiKeyRow): KeyRights => ({
  scopes: JSON.parse(row.scopes) as KeyScope[],
  organizationId: row.organization_id,
  expiresAt: row.expires_at,
  rateLimit: keyRateLimit(row),
})

const rate = (rule: RateLimitRule): number => rule.max / rule.windowMs

/** Neither at once nor in the long run may more pass than the maker may send. */
const exceedsLimit = ({ rateLimit: own }: ApiKeyPrincipal, rateLimit: RateLimitRule | null): boolean =>
  own !== null && (rateLimit === null || rateLimit.max > own.max || rate(rateLimit) > rate(own))

const outlives = (maker: ApiKeyPrincipal, expiresAt: number | null): boolean =>
  maker.expiresAt !== null && (expiresAt === null || expiresAt > maker.expiresAt)

/**
 * A key never brings forth more than it is: no wider scopes, no other organization, no longer life, no higher rate.
 * A session may give all that its user has.
 * @param lifeField what the caller's input calls the end of the key's life
 * @throws DomainError API_KEY_MISSING_SCOPES, FORBIDDEN, or VALIDATION_ERROR that names the field
 */
export const assertWithinMaker = (
  maker: Principal,
  rights: KeyRights,
  lifeField: 'expiresIn' | 'expiresAt',
): void => {
  if (maker.kind !== 'apiKey') return
  const missing = rights.scopes.filter(scope => !maker.scopes.includes(scope))
  if (missing.length > 0) {
    throw new DomainError('API_KEY_MISSING_SCOPES', {
      message: `A key cannot give what it lacks: ${missing.join(', ')}`,
      detail: { required: rights.scopes, missing },
    })
  }
  if (maker.pinnedOrganizationId !== null && rights.organizationId !== maker.pinnedOrganizationId) {
    throw new DomainError('FORBIDDEN', { message: 'This key is pinned to another organization' })
  }
  if (outlives(maker, rights.expiresAt))
    throw invalidField(lifeField, 'Must not be later than the end of the key that asks')
  if (exceedsLimit(maker, rights.rateLimit))
    throw invalidField('rateLimitMax', 'Must not allow more than the key that asks')
}
