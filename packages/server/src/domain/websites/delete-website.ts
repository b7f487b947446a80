import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { withMembershipLocked } from '../members/with-membership-locked'
import type { Actor } from '../principals/actor'
import { websiteNotFound } from './website-not-found'

/** Its screenshots go with it. @throws DomainError NOT_FOUND, FORBIDDEN */
export const deleteWebsite = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  number: number,
): Promise<void> => {
  const { userId, credentialId } = actor.principal
  await withMembershipLocked(context, organizationId, userId, async stores => {
    if ((await stores.websites.delete(organizationId, number)) === 0) throw websiteNotFound()
    await recordAct(context, stores, actor, {
      organizationId,
      action: 'website.deleted',
      resource: { type: 'website', id: String(number) },
    })
  })
  context.logger.info(
    { event: 'website.deleted', organizationId, website: number, by: credentialId },
    'website deleted',
  )
}
