import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { toMember } from '../members/with-membership-locked'
import { withPermissionLocked } from '../members/with-permission-locked'
import { endSubscription } from '../payments/end-subscription'
import { isPaidFor } from '../payments/is-paid-for'
import { tryUntilUnpaid } from '../payments/try-until-unpaid'
import type { Actor } from '../principals/actor'
import { assertPermission } from '../principals/authorize'
import { eraseOrganization } from './erase-organization'

const PERMISSION = 'organization:manage-security'

/** @returns undefined: somebody has begun to buy, and nothing was deleted */
const eraseUnlessPaying = (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
): Promise<true | undefined> =>
  withPermissionLocked(context, actor, organizationId, PERMISSION, async (stores, { organization }) => {
    if (await isPaidFor(context, stores, organizationId)) return undefined
    await eraseOrganization(stores, organizationId)
    await recordAct(context, stores, actor, {
      organizationId,
      action: 'organization.deleted',
      resource: { type: 'organization', id: organizationId },
      details: { name: organization.name, slug: organization.slug },
    })
    return true
  })

/**
 * Deletes an organization with all that belongs to it, the keys pinned to it too; its subscription ends first. Its audit
 * log stays, and tells who did it.
 * @throws DomainError INSUFFICIENT_PERMISSIONS or FORBIDDEN for who is no owner (any more); SERVICE_UNAVAILABLE if the
 *   subscription cannot be ended now
 */
export const deleteOrganization = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
): Promise<void> => {
  const { userId, credentialId } = actor.principal
  const member = await context.storage.memberships.findOfUser(organizationId, userId)
  assertPermission({ organizationId, role: member && toMember(member).role }, PERMISSION)
  await tryUntilUnpaid(async () => {
    await endSubscription(context, organizationId)
    return eraseUnlessPaying(context, actor, organizationId)
  })
  context.logger.info(
    { event: 'organization.deleted', organizationId, userId, by: credentialId },
    'organization deleted',
  )
}
