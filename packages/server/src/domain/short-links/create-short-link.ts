import type { LinkRow } from '../../storage/stores/link-store'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { withMembershipLocked } from '../members/with-membership-locked'
import type { Actor } from '../principals/actor'
import { retryOnCollision } from '../retry-on-collision'
import { randomAlias } from './alias'
import { applyChange } from './apply-change'
import { assertLinkFeatures } from './assert-link-features'
import { checkChange } from './check-change'
import { featuresOf } from './features-of'
import { hashLinkPassword } from './hash-link-password'
import { plainLink } from './plain-link'
import { refuseTakenAlias } from './refuse-taken-alias'
import type { ShortLink } from './short-link'
import type { ShortLinkChange } from './short-link-change'

/** What a caller says of a new link. Without an alias it is given one. */
export type NewShortLink = ShortLinkChange & { readonly longUrl: string }

/**
 * Any member may.
 * @throws DomainError VALIDATION_ERROR; CONFLICT if the alias asked for is taken, by whomever; PLAN_FEATURE_MISSING;
 *   FORBIDDEN; SERVICE_UNAVAILABLE
 */
export const createShortLink = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  input: NewShortLink,
): Promise<ShortLink> => {
  const { clock, logger } = context
  const { userId, credentialId } = actor.principal
  checkChange(context, input)
  const passwordHash = await hashLinkPassword(context, organizationId, input)
  const now = clock()
  const insert = () =>
    withMembershipLocked(context, organizationId, userId, async stores => {
      const plain = plainLink(randomAlias(context), input.longUrl)
      const columns = applyChange(input, plain, passwordHash)
      await assertLinkFeatures(context, stores, organizationId, featuresOf(plain, columns))
      const row: LinkRow = {
        ...plain,
        ...columns,
        organization_id: organizationId,
        number: await stores.numberSequences.next(organizationId, 'link'),
        is_qr: 0,
        created_at: now,
        updated_at: now,
      }
      await stores.links.insert(row)
      await recordAct(context, stores, actor, {
        organizationId,
        action: 'link.created',
        resource: { type: 'link', id: String(row.number) },
        details: { alias: row.alias },
      })
      return row
    })
  const link = await refuseTakenAlias(() =>
    input.alias === undefined ? retryOnCollision(['alias'], insert) : insert(),
  )
  logger.info(
    { event: 'link.created', organizationId, link: link.number, by: credentialId },
    'short link created',
  )
  return link
}
