import type { Page } from 'playwright-core'
import { CaptureError } from '../domain/screenshots/capture-error'
import type { ScreenshotRequest } from '../domain/screenshots/photographer'
import { networkErrorIn, type PageWatch } from './watch-page'

export interface CaptureTimes {
  /** In all. */
  readonly totalMs: number
  /** For the page to load. What is not there by then is missing in the image. */
  readonly loadMs: number
  /** For its scripts to fetch what they show, after it was loaded. */
  readonly settleMs: number
}

export const MAX_PAGE_HEIGHT = 8_000
const MAX_IMAGE_BYTES = 10 * 1_048_576

const NO_PAGE = 'The address is answered with a download or nothing, not with a page'

const isDownload = (error: unknown) =>
  error instanceof Error && error.message.includes('Download is starting')
const isTimeout = (error: unknown) => error instanceof Error && error.name === 'TimeoutError'

/** Playwright's errors tell of the browser; what is of the page becomes a CaptureError. */
const asPageError = async (error: unknown, page: Page, watch: PageWatch): Promise<unknown> => {
  const name = error instanceof Error ? networkErrorIn(error.message) : undefined
  // What answers nothing to show is called off, but so is what dies; only a page that lives has a title.
  if (name === 'ERR_ABORTED') await page.title()
  const failure = watch.failure()
  if (failure) return failure
  if (name === 'ERR_ABORTED' || isDownload(error)) return new CaptureError('page', NO_PAGE, { cause: error })
  if (name === undefined) return error
  return new CaptureError('page', `The page could not be opened (${name})`, { cause: error })
}

const visit = async (page: Page, url: string, watch: PageWatch, { loadMs, settleMs }: CaptureTimes) => {
  try {
    await page.goto(url, { waitUntil: 'commit', timeout: loadMs })
  } catch (error) {
    if (!isTimeout(error)) throw await asPageError(error, page, watch)
    throw new CaptureError('page', `The page did not answer within ${loadMs / 1000} seconds`, {
      cause: error,
    })
  }
  await page.waitForLoadState('load', { timeout: loadMs }).catch(onlyTimeout)
  await page.waitForLoadState('networkidle', { timeout: settleMs }).catch(onlyTimeout)
}

const onlyTimeout = (error: unknown) => {
  if (!isTimeout(error)) throw error
}

const shoot = async (page: Page, request: ScreenshotRequest, timeoutMs: number): Promise<Buffer> => {
  const { viewportWidth: width, fullPage } = request
  try {
    return await page.screenshot({
      type: 'png',
      timeout: timeoutMs,
      animations: 'disabled',
      ...(fullPage && { fullPage, clip: { x: 0, y: 0, width, height: MAX_PAGE_HEIGHT } }),
    })
  } catch (error) {
    if (!isTimeout(error)) throw error
    throw new CaptureError('page', 'The page is so busy that it cannot be captured', { cause: error })
  }
}

/**
 * Opens the URL in `page` and takes a picture of it.
 * @returns the bytes of a PNG
 * @throws CaptureError, or what Playwright throws when the browser fails
 */
export const capturePage = async (
  page: Page,
  request: ScreenshotRequest,
  watch: PageWatch,
  times: CaptureTimes,
): Promise<Buffer> => {
  await visit(page, request.url, watch, times)
  watch.assertSound()
  const image = await shoot(page, request, times.totalMs - times.loadMs)
  // It may have gone elsewhere meanwhile.
  watch.assertSound()
  if (image.length > MAX_IMAGE_BYTES) throw new CaptureError('page', 'The image is larger than 10 MiB')
  return image
}
