import type { OrganizationRole } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { MemberRow } from '../../storage/stores/membership-store'
import type { OrganizationRow } from '../../storage/stores/organization-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'

/** A membership, with what its role is called in the contract. */
export type Member = MemberRow & { readonly role: OrganizationRole }

/** A membership of an organization that nobody joins or leaves until the transaction ends. */
export interface LockedMembership {
  readonly organization: OrganizationRow
  /** Of the user, as it is now: it may have changed since the request was let in. */
  readonly self: Member
}

/** The table holds no other role. */
export const toMember = (row: MemberRow): Member => ({ ...row, role: row.role as OrganizationRole })

/**
 * Holds the organization to the end of the transaction, and looks up who the user is in it.
 * @throws DomainError FORBIDDEN if the user is no member of it (any more)
 */
export const lockMembership = async (
  stores: Stores,
  organizationId: string,
  userId: string,
): Promise<LockedMembership> => {
  const organization = await stores.organizations.lock(organizationId)
  const self = organization && (await stores.memberships.findOfUser(organizationId, userId))
  if (!self) throw new DomainError('FORBIDDEN')
  return { organization, self: toMember(self) }
}

/**
 * Runs `work` in a transaction that no other change of who belongs to the organization, and as what, runs beside.
 * @throws DomainError FORBIDDEN if the user is no member of it (any more)
 */
export const withMembershipLocked = <T>(
  { storage }: Pick<DomainContext, 'storage'>,
  organizationId: string,
  userId: string,
  work: (stores: Stores, membership: LockedMembership) => Promise<T>,
): Promise<T> =>
  storage.transaction(async stores => work(stores, await lockMembership(stores, organizationId, userId)))
