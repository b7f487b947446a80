import type { LinkRow } from '../../storage/stores/link-store'
import { findUniqueViolation } from '../../storage/unique-violation'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { withMembershipLocked } from '../members/with-membership-locked'
import type { Actor } from '../principals/actor'
import { retryOnCollision } from '../retry-on-collision'
import { aliasTaken, randomAlias } from './alias'
import { assertLinkFeatures } from './assert-link-features'
import { applyChange, checkChange, featuresOf, type ShortLinkChange } from './link-columns'
import type { ShortLink } from './short-link'

/** What a caller says of a new link. Without an alias it is given one. */
export type NewShortLink = ShortLinkChange & { readonly longUrl: string }

/** A link that can do nothing but lead somewhere. */
const plainLink = (alias: string, longUrl: string) => ({
  alias,
  long_url: longUrl,
  utm: null,
  password_hash: null,
  expires_at: null,
  max_clicks: null,
})

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
  const { clock, storage, passwords, logger } = context
  const { userId, credentialId } = actor.principal
  checkChange(context, input)
  const { alias, password } = input
  // Before the hash, which is dear.
  if (password != null) await assertLinkFeatures(context, storage, organizationId, ['password_protection'])
  const passwordHash = password == null ? undefined : await passwords.hash(password)
  const now = clock()
  const insert = () =>
    withMembershipLocked(context, organizationId, userId, async stores => {
      const plain = plainLink(randomAlias(context), input.longUrl)
      const columns = applyChange(input, plain, passwordHash)
      await assertLinkFeatures(context, stores, organizationId, featuresOf(plain, columns))
      const row: LinkRow = {
        ...columns,
        organization_id: organizationId,
        number: await stores.numberSequences.next(organizationId, 'link'),
        clicks: 0,
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
  try {
    const link = await (alias === undefined ? retryOnCollision(['alias'], insert) : insert())
    logger.info(
      { event: 'link.created', organizationId, link: link.number, by: credentialId },
      'short link created',
    )
    return link
  } catch (error) {
    if (findUniqueViolation(error)?.columns.includes('alias')) throw aliasTaken()
    throw error
  }
}
