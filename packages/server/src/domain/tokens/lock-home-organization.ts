import type { Stores } from '../../storage/storage'

/**
 * Holds the organization that a user has belonged to longest: what becomes of the user's tokens stands in its audit log.
 * Call with the user locked.
 * @returns its id, or undefined if the user belongs to none
 */
export const lockHomeOrganization = async (
  { memberships, organizations }: Stores,
  userId: string,
): Promise<string | undefined> => {
  const [home] = await memberships.listOfUser(userId)
  return home && (await organizations.lock(home.organization_id))?.id
}
