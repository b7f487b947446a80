import {
  type Access,
  type KeyScope,
  type OrganizationRole,
  ROLE_PERMISSIONS,
  type TenantPermission,
} from '@snoop/sdk/contract'
import { heldScopes } from '../api-keys/held-scopes'
import { DomainError } from '../domain-error'
import type { Principal } from './principal'

/** The organization in the path, and the caller's role in it; undefined if the caller is no member. */
export interface TenantClaim {
  readonly organizationId: string
  readonly role: OrganizationRole | undefined
}

type TokenAccess = Exclude<Access, { kind: 'public' }>

const notIn = <T>(wanted: readonly T[], held: readonly T[]): T[] =>
  wanted.filter(item => !held.includes(item))

/** What this credential needs: keys of other formats than the native one have scopes of their own. */
const scopesFor = (
  principal: Principal,
  access: Exclude<TokenAccess, { kind: 'session' }>,
): readonly KeyScope[] => {
  if (principal.kind === 'session' || principal.format === 'ba') return access.scopes
  return access.kind === 'home' ? (access.scopesOf?.[principal.format] ?? []) : []
}

const missingScopes = (principal: Principal, required: readonly KeyScope[]): DomainError | undefined => {
  const { kind, scopes } = principal
  const held = kind === 'apiKey' ? heldScopes(principal.format, scopes) : scopes
  const missing = notIn(required, held)
  if (missing.length === 0) return undefined
  if (held.length === 0) return new DomainError('NO_SCOPES_AVAILABLE', { detail: { required, missing } })
  return new DomainError(kind === 'apiKey' ? 'API_KEY_MISSING_SCOPES' : 'INSUFFICIENT_PERMISSIONS', {
    message: `This credential lacks ${missing.join(', ')}`,
    detail: { required, missing },
  })
}

const missingPermission = (tenant: TenantClaim, permission: TenantPermission): DomainError | undefined => {
  if (!tenant.role) return new DomainError('FORBIDDEN')
  if (ROLE_PERMISSIONS[tenant.role].includes(permission)) return undefined
  return new DomainError('INSUFFICIENT_PERMISSIONS', {
    message: `Your role in this organization, ${tenant.role}, lacks ${permission}`,
    detail: { required: [permission], missing: [permission] },
  })
}

/**
 * That the role in an organization still suffices, where it is looked up again: what let the request in may have changed.
 * @throws DomainError FORBIDDEN, INSUFFICIENT_PERMISSIONS
 */
export const assertPermission = (tenant: TenantClaim, permission: TenantPermission): void => {
  const refusal = missingPermission(tenant, permission)
  if (refusal) throw refusal
}

const staleSession = (principal: Principal, access: TokenAccess): DomainError | undefined =>
  'fresh' in access && access.fresh && !(principal.kind === 'session' && principal.isFresh)
    ? new DomainError('FRESH_SESSION_REQUIRED')
    : undefined

/** What the credential alone decides, before the role is looked up. @returns why not, or undefined */
export const authorizeCredential = (
  principal: Principal,
  access: TokenAccess,
  organizationId: string | undefined,
): DomainError | undefined => {
  const needsSession = access.kind === 'session' || (access.kind === 'organization' && access.fresh)
  if (needsSession && principal.kind !== 'session') return new DomainError('NO_PERMISSIONS')
  if (access.kind === 'session') return staleSession(principal, access)
  const refusal = missingScopes(principal, scopesFor(principal, access))
  // At home is where the pin is.
  if (refusal || access.kind !== 'organization') return refusal
  const pin = principal.pinnedOrganizationId
  if (pin === null || pin === organizationId) return undefined
  return new DomainError('FORBIDDEN', { message: 'This key is pinned to another organization' })
}

/**
 * The one decision: may this principal use an endpoint with this access? Rights are the credential's scopes and pin
 * together with the role that its user has now (native contract, section 4). Pure.
 * @returns why not, or undefined if it may
 */
export const authorize = (
  principal: Principal,
  access: TokenAccess,
  tenant: TenantClaim | undefined,
): DomainError | undefined => {
  const refusal = authorizeCredential(principal, access, tenant?.organizationId)
  if (refusal || (access.kind !== 'organization' && access.kind !== 'home')) return refusal
  if (!tenant) return new DomainError('TENANT_CONTEXT_MISSING')
  // Nobody is asked to prove anew who they are for what they may not do.
  return missingPermission(tenant, access.permission) ?? staleSession(principal, access)
}
