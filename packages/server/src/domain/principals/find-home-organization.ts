import type { DomainContext } from '../domain-context'
import type { Principal } from './principal'

/**
 * The organization in which a credential acts where no path names one: the one that it is pinned to, else the one that its
 * user has belonged to longest, which is the default organization for as long as that exists.
 * @returns undefined if the user belongs to none
 */
export const findHomeOrganization = async (
  { storage }: Pick<DomainContext, 'storage'>,
  { pinnedOrganizationId, userId }: Pick<Principal, 'pinnedOrganizationId' | 'userId'>,
): Promise<string | undefined> =>
  pinnedOrganizationId ?? (await storage.hot.findHomeOrganization(userId))?.organization_id
