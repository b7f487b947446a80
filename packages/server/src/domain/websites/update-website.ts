import type { WebsiteRow } from '../../storage/stores/website-store'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { withMembershipLocked } from '../members/with-membership-locked'
import type { Actor } from '../principals/actor'
import type { NewWebsite } from './create-website'
import { websiteNotFound } from './website-not-found'

/** Fields that are undefined stay as they are. */
export type WebsiteChange = { readonly [Field in keyof NewWebsite]?: NewWebsite[Field] | undefined }

const changedColumns = ({
  name,
  url,
  viewportWidth,
  viewportHeight,
  isFullPage,
  status,
}: WebsiteChange): Partial<WebsiteRow> => ({
  ...(name !== undefined && { name }),
  ...(url !== undefined && { url }),
  ...(viewportWidth !== undefined && { viewport_width: viewportWidth }),
  ...(viewportHeight !== undefined && { viewport_height: viewportHeight }),
  ...(isFullPage !== undefined && { full_page: isFullPage ? 1 : 0 }),
  ...(status !== undefined && { status }),
})

/** @throws DomainError NOT_FOUND, FORBIDDEN */
export const updateWebsite = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  number: number,
  change: WebsiteChange,
): Promise<WebsiteRow> => {
  const { clock, logger } = context
  const { userId, credentialId } = actor.principal
  const changed = changedColumns(change)
  const website = await withMembershipLocked(context, organizationId, userId, async stores => {
    const row = await stores.websites.update(organizationId, number, { ...changed, updated_at: clock() })
    if (!row) throw websiteNotFound()
    await recordAct(context, stores, actor, {
      organizationId,
      action: 'website.updated',
      resource: { type: 'website', id: String(number) },
      details: { fields: Object.keys(changed) },
    })
    return row
  })
  logger.info(
    { event: 'website.updated', organizationId, website: number, by: credentialId },
    'website updated',
  )
  return website
}
