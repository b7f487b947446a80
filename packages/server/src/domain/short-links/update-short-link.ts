import { findUniqueViolation } from '../../storage/unique-violation'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { withMembershipLocked } from '../members/with-membership-locked'
import type { Actor } from '../principals/actor'
import { aliasTaken } from './alias'
import { assertLinkFeatures } from './assert-link-features'
import { applyChange, checkChange, featuresOf, type ShortLinkChange } from './link-columns'
import type { ShortLink } from './short-link'
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
  const { clock, storage, passwords, logger } = context
  const { userId, credentialId } = actor.principal
  checkChange(context, change)
  const { password } = change
  // Before the hash, which is dear.
  if (password != null) await assertLinkFeatures(context, storage, organizationId, ['password_protection'])
  const passwordHash = password == null ? undefined : await passwords.hash(password)
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
  try {
    const link = await update()
    logger.info(
      { event: 'link.updated', organizationId, link: number, by: credentialId },
      'short link updated',
    )
    return link
  } catch (error) {
    if (findUniqueViolation(error)?.columns.includes('alias')) throw aliasTaken()
    throw error
  }
}
