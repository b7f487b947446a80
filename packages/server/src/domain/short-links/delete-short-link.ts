import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { withMembershipLocked } from '../members/with-membership-locked'
import type { Actor } from '../principals/actor'
import { shortLinkNotFound } from './short-link-not-found'

/** Its alias is free again. @throws DomainError NOT_FOUND, FORBIDDEN */
export const deleteShortLink = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  number: number,
): Promise<void> => {
  const { userId, credentialId } = actor.principal
  await withMembershipLocked(context, organizationId, userId, async stores => {
    const link = await stores.links.find(organizationId, number)
    if (!link) throw shortLinkNotFound()
    await stores.links.delete(organizationId, number)
    await recordAct(context, stores, actor, {
      organizationId,
      action: 'link.deleted',
      resource: { type: 'link', id: String(number) },
      details: { alias: link.alias },
    })
  })
  context.logger.info(
    { event: 'link.deleted', organizationId, link: number, by: credentialId },
    'short link deleted',
  )
}
