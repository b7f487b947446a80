import type { OrganizationRole } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { OrganizationRow } from '../../storage/stores/organization-store'
import type { UserRow } from '../../storage/stores/user-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { withPermissionLocked } from '../members/with-permission-locked'
import type { Actor } from '../principals/actor'

/** Who sends or cancels invitations: a member, as which they were found with the organization locked. */
export interface Inviter {
  readonly user: UserRow
  readonly organization: OrganizationRow
  readonly role: OrganizationRole
}

/**
 * Runs `work` in a transaction that holds the caller's account and the organization, for who may invite.
 * @throws what `withPermissionLocked` throws
 */
export const withInviter = <T>(
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  work: (stores: Stores, inviter: Inviter) => Promise<T>,
): Promise<T> =>
  withPermissionLocked(
    context,
    actor,
    organizationId,
    'organization:manage-members',
    (stores, { user, organization, self }) => work(stores, { user, organization, role: self.role }),
  )

/** An invitation for an owner, in the hands of somebody who is none. */
export const onlyOwners = (): DomainError =>
  new DomainError('INSUFFICIENT_PERMISSIONS', {
    message: 'Only an owner of this organization sends, replaces or cancels an invitation for an owner',
    detail: { required: ['owner'], missing: ['owner'] },
  })
