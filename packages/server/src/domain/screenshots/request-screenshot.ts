import type { ScreenshotRow } from '../../storage/stores/screenshot-store'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { withMembershipLocked } from '../members/with-membership-locked'
import type { Actor } from '../principals/actor'
import { websiteNotFound } from '../websites/website-not-found'

/** So many of an organization may wait or be in the making: more would keep those of others waiting. */
export const MAX_PENDING_SCREENSHOTS = 20

const noBrowser = (): DomainError =>
  new DomainError('SERVICE_UNAVAILABLE', {
    message:
      'This server takes no screenshots: its operator must name a Chromium program by --chromium or SNOOP_CHROMIUM',
  })

const refusePaused = (): DomainError =>
  new DomainError('CONFLICT', { message: 'This website is paused; set its status to active first' })

const tooManyPending = (): DomainError =>
  new DomainError('CONFLICT', {
    message: `${MAX_PENDING_SCREENSHOTS} screenshots of this organization wait to be taken; try again when some are done`,
  })

/**
 * Puts a screenshot of a website into the queue; it is begun at once, if nothing else is under way.
 * @returns the id of the screenshot
 * @throws DomainError NOT_FOUND; SERVICE_UNAVAILABLE without a browser; CONFLICT if the website is paused, or too many wait;
 *   FORBIDDEN
 */
export const requestScreenshot = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  websiteNumber: number,
): Promise<string> => {
  const { clock, newId, settings, logger } = context
  const { userId, credentialId } = actor.principal
  const id = newId()
  const now = clock()
  await withMembershipLocked(context, organizationId, userId, async stores => {
    const website = await stores.websites.find(organizationId, websiteNumber)
    if (!website) throw websiteNotFound()
    if (!settings.takesScreenshots) throw noBrowser()
    if (website.status === 'paused') throw refusePaused()
    if ((await stores.screenshots.countPending(organizationId)) >= MAX_PENDING_SCREENSHOTS)
      throw tooManyPending()
    const row: ScreenshotRow = {
      organization_id: organizationId,
      id,
      website_number: websiteNumber,
      status: 'queued',
      error: null,
      attempts: 0,
      next_attempt_at: now,
      image_base64: null,
      created_at: now,
      finished_at: null,
    }
    await stores.screenshots.insert(row)
    await recordAct(context, stores, actor, {
      organizationId,
      action: 'screenshot.requested',
      resource: { type: 'screenshot', id },
      details: { website: websiteNumber },
    })
  })
  logger.info(
    { event: 'screenshot.requested', organizationId, screenshotId: id, by: credentialId },
    'screenshot requested',
  )
  context.wakeScreenshots()
  return id
}
