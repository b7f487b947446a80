import type { TenantPermission } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { UserRow } from '../../storage/stores/user-store'
import type { DomainContext } from '../domain-context'
import type { Actor } from '../principals/actor'
import { assertPermission } from '../principals/authorize'
import { withActiveUserLocked } from '../with-active-user-locked'
import { type LockedMembership, lockMembership } from './with-membership-locked'

/** A member who has the right to what is done, with account and organization held. */
export interface PermittedMember extends LockedMembership {
  readonly user: UserRow
}

/**
 * Runs `work` in a transaction that holds the caller's account and the organization. That the caller may do it is looked
 * up again in it: what let the request in may have changed since.
 * @throws DomainError FORBIDDEN, INSUFFICIENT_PERMISSIONS, USER_NOT_ACTIVE
 */
export const withPermissionLocked = <T>(
  context: DomainContext,
  { principal }: Actor,
  organizationId: string,
  permission: TenantPermission,
  work: (stores: Stores, member: PermittedMember) => Promise<T>,
): Promise<T> =>
  withActiveUserLocked(context, principal.userId, async (stores, user) => {
    const membership = await lockMembership(stores, organizationId, user.id)
    assertPermission({ organizationId, role: membership.self.role }, permission)
    return work(stores, { user, ...membership })
  })
