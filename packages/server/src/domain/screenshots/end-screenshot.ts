import type { Stores } from '../../storage/storage'
import type { ScreenshotStatusRow } from '../../storage/stores/screenshot-store'
import type { DomainContext } from '../domain-context'

/** Of each website, of those that are done and of those that failed. */
const KEPT_SCREENSHOTS = 20

type Ending = Pick<DomainContext, 'storage' | 'clock'>

/** Holds the organization first, as all do who change its websites: otherwise two could wait for one another. */
const withOrganizationLocked = (
  { storage }: Ending,
  { organization_id }: ScreenshotStatusRow,
  work: (stores: Stores) => Promise<boolean>,
): Promise<boolean> =>
  storage.transaction(async stores => {
    await stores.organizations.lock(organization_id)
    return work(stores)
  })

/**
 * Writes the image of a screenshot down, and removes the oldest ones of its website.
 * @param claimed as `claimNext` gave it
 * @param png the image
 * @returns false, with nothing written, if another attempt has taken over, or the website was deleted
 */
export const finishScreenshot = (
  context: Ending,
  claimed: ScreenshotStatusRow,
  png: Uint8Array,
): Promise<boolean> =>
  withOrganizationLocked(context, claimed, async stores => {
    const { organization_id, id, website_number, attempts } = claimed
    const now = context.clock()
    const image_base64 = Buffer.from(png).toString('base64')
    const result = { attempts, image_base64, finished_at: now }
    if (!(await stores.screenshots.finish(organization_id, id, result))) return false
    await stores.websites.update(organization_id, website_number, { last_screenshot_at: now })
    await stores.screenshots.deleteOlder(organization_id, website_number, 'done', KEPT_SCREENSHOTS)
    return true
  })

/** Gives a screenshot up. @param error why, for its organization to read. @returns as `finishScreenshot` */
export const failScreenshot = (
  context: Ending,
  claimed: ScreenshotStatusRow,
  error: string,
): Promise<boolean> =>
  withOrganizationLocked(context, claimed, async stores => {
    const { organization_id, id, website_number, attempts } = claimed
    const result = { attempts, error, finished_at: context.clock() }
    if (!(await stores.screenshots.fail(organization_id, id, result))) return false
    await stores.screenshots.deleteOlder(organization_id, website_number, 'failed', KEPT_SCREENSHOTS)
    return true
  })
