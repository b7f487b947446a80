import type { WebsiteRow } from '../../storage/stores/website-store'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { withMembershipLocked } from '../members/with-membership-locked'
import { assertWebsiteSlot } from '../plans/assert-website-slot'
import type { Actor } from '../principals/actor'

/** What a caller says of a website. */
export interface NewWebsite {
  readonly name: string
  /** `http:` or `https:`. */
  readonly url: string
  /** Pixels. */
  readonly viewportWidth: number
  readonly viewportHeight: number
  /** Whether the whole page is taken, not only what the viewport shows. */
  readonly isFullPage: boolean
  readonly status: 'active' | 'paused'
}

/** @throws DomainError PLAN_LIMIT_REACHED, FORBIDDEN */
export const createWebsite = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  { name, url, viewportWidth, viewportHeight, isFullPage, status }: NewWebsite,
): Promise<WebsiteRow> => {
  const { clock, logger } = context
  const { userId, credentialId } = actor.principal
  const now = clock()
  const website = await withMembershipLocked(context, organizationId, userId, async stores => {
    await assertWebsiteSlot(context, stores, organizationId)
    const row: WebsiteRow = {
      organization_id: organizationId,
      number: await stores.numberSequences.next(organizationId, 'website'),
      name,
      url,
      viewport_width: viewportWidth,
      viewport_height: viewportHeight,
      full_page: isFullPage ? 1 : 0,
      status,
      last_screenshot_at: null,
      created_at: now,
      updated_at: now,
    }
    await stores.websites.insert(row)
    await recordAct(context, stores, actor, {
      organizationId,
      action: 'website.created',
      resource: { type: 'website', id: String(row.number) },
      details: { name },
    })
    return row
  })
  logger.info(
    { event: 'website.created', organizationId, website: website.number, by: credentialId },
    'website created',
  )
  return website
}
