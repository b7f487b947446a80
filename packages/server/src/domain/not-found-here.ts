import { DomainError } from './domain-error'
import type { Principal } from './principals/principal'

/**
 * Why a thing is not to be had under this organization: it belongs to another one of the same caller, which may be said,
 * or it is a stranger's or nobody's, which must look the same. A pinned key is told of no other organization.
 * @param isElsewhere whether it is in another organization that the user may see it in
 */
export const notFoundHere = async (
  { userId, pinnedOrganizationId }: Principal,
  thing: 'project' | 'member' | 'invitation' | 'checkout',
  isElsewhere: (userId: string) => Promise<boolean>,
): Promise<DomainError> =>
  pinnedOrganizationId === null && (await isElsewhere(userId))
    ? new DomainError('TENANT_VIOLATION', {
        message: `This ${thing} belongs to another of your organizations`,
      })
    : new DomainError('NOT_FOUND', { message: `There is no ${thing} with this id in this organization` })
