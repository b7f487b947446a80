import type { KeyFormat, KeyScope, PermissionMap } from '@snoop/sdk/contract'
import type { ApiKeyRow } from '../../storage/stores/api-key-store'
import { DomainError, invalidField } from '../domain-error'
import type { ApiKeyPrincipal, PasswordOwner, Principal } from '../principals/principal'
import { keyRateLimit } from '../principals/resolve-api-key'
import type { RateLimitRule } from '../rate-limits/decide-rate-limit'
import { isWithinMap } from './is-within-map'
import { permissionsOf, scopesOf } from './key-columns'

/** Rights of a key that somebody wants to make or change. */
export interface KeyRights {
  readonly format: KeyFormat
  readonly scopes: readonly KeyScope[]
  readonly permissions: PermissionMap | null
  readonly organizationId: string | null
  readonly expiresAt: number | null
  readonly rateLimit: RateLimitRule | null
}

/** The rights that a stored key has. */
export const rightsOf = (row: ApiKeyRow): KeyRights => ({
  format: row.format as KeyFormat,
  scopes: scopesOf(row),
  permissions: permissionsOf(row),
  organizationId: row.organization_id,
  expiresAt: row.expires_at,
  rateLimit: keyRateLimit(row),
})

/** Requests a millisecond, in the long run. */
const rate = ({ max, windowMs, refill }: RateLimitRule): number =>
  refill ? Math.min(refill.amount, max) / refill.intervalMs : max / windowMs

/** Neither at once nor in the long run may more pass than the maker may send. */
const exceedsLimit = ({ rateLimit: own }: ApiKeyPrincipal, rateLimit: RateLimitRule | null): boolean =>
  own !== null && (rateLimit === null || rateLimit.max > own.max || rate(rateLimit) > rate(own))

const outlives = (maker: ApiKeyPrincipal, expiresAt: number | null): boolean =>
  maker.expiresAt !== null && (expiresAt === null || expiresAt > maker.expiresAt)

/**
 * A key never brings forth more than it is: no wider scopes, no other format, nothing more of resources, no other
 * organization, no longer life, no higher rate. Keys of a surface, and access tokens, bring forth nothing. A session, or
 * a password, may give all that its user has.
 * @param lifeField what the caller's input calls the end of the key's life
 * @throws DomainError NO_PERMISSIONS, API_KEY_MISSING_SCOPES, FORBIDDEN, or VALIDATION_ERROR that names the field
 */
export const assertWithinMaker = (
  maker: Principal | PasswordOwner,
  rights: KeyRights,
  lifeField: 'expiresIn' | 'expiresAt',
): void => {
  if (maker.kind === 'session' || maker.kind === 'password') return
  if (maker.kind === 'accessToken' || maker.format !== 'ba' || rights.format !== 'ba') {
    throw new DomainError('NO_PERMISSIONS', {
      message: 'Only keys of the format ba make and change keys, of that format alone; sign in to do it',
    })
  }
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
  if (!isWithinMap(rights.permissions, maker.permissions))
    throw invalidField('permissions', 'Must not allow more than the key that asks')
  if (outlives(maker, rights.expiresAt))
    throw invalidField(lifeField, 'Must not be later than the end of the key that asks')
  if (exceedsLimit(maker, rights.rateLimit))
    throw invalidField('rateLimitMax', 'Must not allow more than the key that asks')
}
