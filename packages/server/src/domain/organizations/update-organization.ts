import type { MemberOrganizationRow } from '../../storage/stores/organization-store'
import { findUniqueViolation } from '../../storage/unique-violation'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { withPermissionLocked } from '../members/with-permission-locked'
import type { Actor } from '../principals/actor'
import { isReservedName } from '../reserved-name'
import { getOrganization, slugTaken } from './create-organization'

export interface OrganizationChange {
  readonly name?: string | undefined
  readonly slug?: string | undefined
}

const PERMISSION = 'organization:manage-members'

/** @throws DomainError CONFLICT if the slug is taken or reserved; FORBIDDEN, INSUFFICIENT_PERMISSIONS if the caller may no longer */
export const updateOrganization = async (
  context: DomainContext,
  organizationId: string,
  actor: Actor,
  { name, slug }: OrganizationChange,
): Promise<MemberOrganizationRow> => {
  const { clock, logger } = context
  const { userId } = actor.principal
  const changed = { ...(name !== undefined && { name }), ...(slug !== undefined && { slug }) }
  try {
    await withPermissionLocked(
      context,
      actor,
      organizationId,
      PERMISSION,
      async (stores, { organization }) => {
        if (slug !== undefined && slug !== organization.slug && isReservedName(slug)) throw slugTaken()
        await stores.organizations.update(organizationId, { ...changed, updated_at: clock() })
        await recordAct(context, stores, actor, {
          organizationId,
          action: 'organization.updated',
          resource: { type: 'organization', id: organizationId },
          details: changed,
        })
      },
    )
  } catch (error) {
    if (findUniqueViolation(error)) throw slugTaken()
    throw error
  }
  logger.info({ event: 'organization.updated', organizationId, userId }, 'organization updated')
  return getOrganization(context, organizationId, userId)
}
