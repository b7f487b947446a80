import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { withMembershipLocked } from '../members/with-membership-locked'
import type { Actor } from '../principals/actor'
import { applyChange } from './apply-change'
import { assertLinkFeatures } from './assert-link-features'
import { checkChange } from './check-change'
import { featuresOf } from './features-of'
import { hashLinkPassword } from './hash-link-password'
import { refuseTakenAlias } from './refuse-taken-alias'
import type { ShortLink } from './short-link'
import type { ShortLinkChange } from './short-link-change'
import { shortLinkNotFound } from './short-link-not-found'

/**
 * Any member may; what only takes something away no plan forbids.
 * @throws DomainError NOT_FOUND, VALIDATION_ERROR, CONFLICT, PLAN_FEATURE_MISSING, FORBIDDEN, SERVICE_UNAVAILABLE
 */
export const updateShortLink = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  number: number,
  change: ShortLinkChange,
): Promise<ShortLink> => {
  const { clock, logger } = context
  const { userId, credentialId } = actor.principal
  checkChange(context, change)
  const passwordHash = await hashLinkPassword(context, organizationId, change)
  const update = () =>
    withMembershipLocked(context, organizationId, userId, async stores => {
      const link = await stores.links.find(organizationId, number)
      if (!link) throw shortLinkNotFound()
      const columns = applyChange(change, link, passwordHash)
      await assertLinkFeatures(context, stores, organizationId, featuresOf(link, columns))
      const changed = { ...columns, updated_at: clock() }
      await stores.links.update(organizationId, number, changed)
      await recordAct(context, stores, actor, {
        organizationId,
        action: 'link.updated',
        resource: { type: 'link', id: String(number) },
        details: {
          fields: Object.entries(change).flatMap(([name, value]) => (value === undefined ? [] : name)),
        },
      })
      return { ...link, ...changed }
    })
  const link = await refuseTakenAlias(update)
  logger.info({ event: 'link.updated', organizationId, link: number, by: credentialId }, 'short link updated')
  return link
}
