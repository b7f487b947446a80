import type { Stores } from '../../storage/storage'

/** Deletes an organization with all that belongs to it, but for its audit log. */
export const eraseOrganization = async (
  { apiKeys, organizations }: Stores,
  organizationId: string,
): Promise<void> => {
  // Before the cascade, in the order in which uses are written: neither waits for the other in a circle.
  await apiKeys.deletePinned(organizationId)
  await organizations.delete(organizationId)
}
