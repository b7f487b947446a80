import type { OrganizationRole } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { OrganizationRow } from '../../storage/stores/organization-store'
import type { UserRow } from '../../storage/stores/user-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { Actor } from '../principals/actor'
import { authorize } from '../principals/authorize'
import { withActiveUserLocked } from '../with-active-user-locked'

/** Who sends or cancels invitations: a member, as which they were found with the organization locked. */
export interface Inviter {
  readonly user: UserRow
  readonly organization: OrganizationRow
  readonly role: OrganizationRole
}

const INVITING = { kind: 'organization', scopes: [], permission: 'organization:manage-members' } as const

/**
 * Runs `work` in a transaction that holds the caller's account and the organization. That the caller may invite is looked
 * up again in it: what let the request in may have changed since.
 * @throws DomainError FORBIDDEN, INSUFFICIENT_PERMISSIONS, USER_NOT_ACTIVE
 */
export const withInviter = <T>(
  context: DomainContext,
  { principal }: Actor,
  organizationId: string,
  work: (stores: Stores, inviter: Inviter) => Promise<T>,
): Promise<T> =>
  withActiveUserLocked(context, principal.userId, async (stores, user) => {
    const organization = await stores.organizations.lock(organizationId)
    const member = await stores.memberships.findOfUser(organizationId, user.id)
    const role = member?.role as OrganizationRole | undefined
    const refusal = authorize(principal, INVITING, { organizationId, role })
    if (refusal || !organization || !role) throw refusal ?? new DomainError('FORBIDDEN')
    return work(stores, { user, organization, role })
  })

/** An invitation for an owner, in the hands of somebody who is none. */
export const onlyOwners = (): DomainError =>
  new DomainError('INSUFFICIENT_PERMISSIONS', {
    message: 'Only an owner of this organization sends, replaces or cancels an invitation for an owner',
    detail: { required: ['owner'], missing: ['owner'] },
  })
