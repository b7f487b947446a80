import type { ScreenshotStatusRow } from '../../storage/stores/screenshot-store'
import type { DomainContext } from '../domain-context'
import { CaptureError } from './capture-error'
import { failScreenshot, finishScreenshot } from './end-screenshot'
import type { Photographer } from './photographer'

type TakingContext = Pick<DomainContext, 'storage' | 'clock' | 'logger'>

/** Longer than any capture takes: when it is over, the process that had the screenshot is dead. */
const LEASE_MS = 90_000
const MAX_ATTEMPTS = 3
const RETRY_AFTER_MS = 5_000

const fieldsOf = ({ organization_id, id, attempts }: ScreenshotStatusRow) => ({
  organizationId: organization_id,
  screenshotId: id,
  attempts,
})

const requeue = ({ storage }: TakingContext, claimed: ScreenshotStatusRow, nextAttemptAt: number) => {
  const { organization_id, id, attempts } = claimed
  return storage.screenshots.requeue(organization_id, id, { attempts, next_attempt_at: nextAttemptAt })
}

/** Says nothing of a screenshot that is no longer this attempt's. */
const noteFailure = async (context: TakingContext, claimed: ScreenshotStatusRow, error: CaptureError) => {
  const { clock, logger } = context
  const isLast = error.fault !== 'crash' || claimed.attempts >= MAX_ATTEMPTS
  const isNoted = isLast
    ? await failScreenshot(context, claimed, error.message)
    : await requeue(context, claimed, clock() + RETRY_AFTER_MS)
  if (!isNoted) return
  const fields = { ...fieldsOf(claimed), fault: error.fault, reason: error.message }
  if (error.fault !== 'crash') {
    logger.info({ event: 'screenshot.failed', ...fields }, 'screenshot failed')
    return
  }
  logger.error(
    { event: isLast ? 'screenshot.given_up' : 'screenshot.crashed', ...fields, err: error.cause },
    isLast ? 'screenshot given up' : 'screenshot not taken, will be tried again',
  )
}

const take = async (
  context: TakingContext,
  photographer: Photographer,
  claimed: ScreenshotStatusRow,
  isOver: () => boolean,
): Promise<void> => {
  const { organization_id, website_number } = claimed
  const website = await context.storage.websites.find(organization_id, website_number)
  // Deleted meanwhile, and its screenshots with it.
  if (!website) return
  try {
    const png = await photographer.takeScreenshot({
      url: website.url,
      viewportWidth: website.viewport_width,
      viewportHeight: website.viewport_height,
      fullPage: website.full_page === 1,
    })
    if (await finishScreenshot(context, claimed, png))
      context.logger.info({ event: 'screenshot.taken', ...fieldsOf(claimed) }, 'screenshot taken')
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error
    if (isOver() && error.fault === 'crash') await requeue(context, claimed, context.clock())
    else await noteFailure(context, claimed, error)
  }
}

/**
 * Takes the screenshots that are due, one after the other; of several servers on one database each takes others. One whose
 * browser fails is tried three times in all; what the page or its address is to blame for is not tried again.
 * @param isOver once it says true no more are begun, and what the browser leaves undone goes back into the queue
 * @throws what storage throws when there is no database; what was under way is taken again when its lease is over
 */
export const takeDueScreenshots = async (
  context: TakingContext,
  photographer: Photographer,
  isOver: () => boolean,
): Promise<void> => {
  while (!isOver()) {
    const now = context.clock()
    const claimed = await context.storage.screenshots.claimNext(now, now + LEASE_MS)
    if (!claimed) return
    // Whatever ends the process with each attempt must not do so for ever.
    if (claimed.attempts > MAX_ATTEMPTS)
      await noteFailure(context, claimed, new CaptureError('crash', 'The browser failed again and again'))
    else await take(context, photographer, claimed, isOver)
  }
}
