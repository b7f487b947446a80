import type { Access, OrganizationRole } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { isLockedOut } from '../mfa-policy/is-locked-out'
import { authorize, authorizeCredential } from './authorize'
import { findHomeOrganization } from './find-home-organization'
import type { Principal } from './principal'

/** An organization that the caller is a member of, with its role there now. */
export interface Membership {
  readonly organizationId: string
  readonly role: OrganizationRole
}

/**
 * Decides whether the principal may use an endpoint with this access, looking its role up where one is needed.
 * @param organizationId from the path, for tenant routes
 * @returns the membership that lets it in; undefined at once for routes of no organization
 * @throws DomainError 401 or 403 that says what is missing
 */
export const enter = (
  context: DomainContext,
  principal: Principal,
  access: Exclude<Access, { kind: 'public' }>,
  organizationId: string | undefined,
): Promise<Membership> | undefined => {
  const refusal = authorizeCredential(principal, access, organizationId)
  if (refusal) throw refusal
  if (access.kind === 'organization') return enterOrganization(context, principal, access, organizationId)
  return access.kind === 'home' ? enterHome(context, principal, access) : undefined
}

/** The organization that the credential is pinned to, else the one that its user has belonged to longest. */
const enterHome = async (
  context: DomainContext,
  principal: Principal,
  access: Extract<Access, { kind: 'home' }>,
): Promise<Membership> => {
  const home = await findHomeOrganization(context, principal)
  if (home === undefined) throw homeless()
  return enterOrganization(context, principal, access, home)
}

const homeless = (): DomainError =>
  new DomainError('TENANT_CONTEXT_MISSING', {
    message:
      'Your account belongs to no organization: make one, or accept an invitation to one, then try again',
  })

const mfaRequired = (): DomainError =>
  new DomainError('MFA_REQUIRED', {
    message:
      'This organization requires two-factor authentication: turn on two-factor authentication for your account, then try again',
  })

const enterOrganization = async (
  { storage, clock }: DomainContext,
  principal: Principal,
  access: Extract<Access, { kind: 'organization' | 'home' }>,
  organizationId: string | undefined,
): Promise<Membership> => {
  if (organizationId === undefined) throw new DomainError('TENANT_CONTEXT_MISSING')
  const membership = await storage.hot.findMembership(organizationId, principal.userId)
  // Before the role: whoever is locked out learns nothing else.
  if (membership && !('beforeMfa' in access && access.beforeMfa) && isLockedOut(membership, clock()))
    throw mfaRequired()
  const role = membership?.role as OrganizationRole | undefined
  const refusal = authorize(principal, access, { organizationId, role })
  if (refusal || !role) throw refusal ?? new DomainError('FORBIDDEN')
  return { organizationId, role }
}
