import type { MemberOrganizationRow } from '../../storage/stores/organization-store'
import { findUniqueViolation } from '../../storage/unique-violation'
import type { DomainContext } from '../domain-context'
import { conflict } from '../domain-error'
import { getOrganization, SLUG_TAKEN } from './create-organization'

export interface OrganizationChange {
  readonly name?: string | undefined
  readonly slug?: string | undefined
}

/** @throws DomainError CONFLICT if the slug is taken */
export const updateOrganization = async (
  context: DomainContext,
  organizationId: string,
  userId: string,
  { name, slug }: OrganizationChange,
): Promise<MemberOrganizationRow> => {
  const { storage, clock, logger } = context
  try {
    await storage.organizations.update(organizationId, {
      ...(name !== undefined && { name }),
      ...(slug !== undefined && { slug }),
      updated_at: clock(),
    })
  } catch (error) {
    if (findUniqueViolation(error)) throw conflict('slug', SLUG_TAKEN)
    throw error
  }
  logger.info({ event: 'organization.updated', organizationId, userId }, 'organization updated')
  return getOrganization(context, organizationId, userId)
}
