import type { Page, Request } from 'playwright-core'
import { CaptureError } from '../domain/screenshots/capture-error'
import type { ProxyPass } from './forward-proxy'
import { authorityOf } from './proxy-target'

/** What happens to a page while it is captured. */
export interface PageWatch {
  /** Rejects with a CaptureError as soon as the page's process dies. */
  readonly crashed: Promise<never>
  /** Why the page is not there: its last way led nowhere. */
  failure(): CaptureError | undefined
  /** @throws CaptureError if what the page shows now is not what a server of the web answered */
  assertSound(): void
}

/** What frames may show: besides pages of the web what these made themselves, and Chromium's note that a frame was refused. */
const SCHEMES_OF_FRAMES = ['http:', 'https:', 'about:', 'data:', 'blob:', 'chrome-error:']
const SCHEMES_OF_PAGES = ['http:', 'https:']

const schemeOf = (url: string): string => (URL.canParse(url) ? new URL(url).protocol : 'about:')

/** Chromium's name of a network error, such as `ERR_CERT_DATE_INVALID`. */
export const networkErrorIn = (text: string): string | undefined => /\bERR_[A-Z\d_]+/.exec(text)?.[0]

/** Begins to watch: call it before the page goes anywhere. @param url that was asked for */
export const watchPage = (page: Page, pass: ProxyPass, url: URL): PageWatch => {
  let failure: CaptureError | undefined

  const isOfPage = (request: Request) => request.isNavigationRequest() && request.frame() === page.mainFrame()

  const explain = (failed: Request, errorText: string): CaptureError => {
    const authority = authorityOf(new URL(failed.url()))
    const fault =
      pass.failureOf(authority) ??
      new CaptureError(
        'page',
        `The page could not be opened (${networkErrorIn(errorText) ?? 'unknown reason'})`,
      )
    if (authority === authorityOf(url)) return fault
    return new CaptureError(fault.fault, `The page leads to ${authority}. ${fault.message}`)
  }

  page.on('request', request => {
    if (isOfPage(request)) failure = undefined
  })
  page.on('response', response => {
    if (isOfPage(response.request()) && response.headers()[pass.mark] !== undefined)
      failure = explain(response.request(), '')
  })
  page.on('requestfailed', request => {
    const text = request.failure()?.errorText ?? ''
    // Of what was called off, such as a download, the page before stays.
    if (isOfPage(request) && networkErrorIn(text) !== 'ERR_ABORTED') failure = explain(request, text)
  })
  page.on('dialog', dialog => void dialog.dismiss().catch(() => {}))
  page.context().on('page', other => {
    if (other !== page) void other.close().catch(() => {})
  })
  const crashed = new Promise<never>((_resolve, reject) => {
    page.once('crash', () => reject(new CaptureError('crash', 'The page brought the browser down')))
  })
  crashed.catch(() => {})

  return {
    crashed,
    failure: () => failure,
    assertSound: () => {
      if (failure) throw failure
      const [main, ...others] = page.frames().map(frame => schemeOf(frame.url()))
      if (
        !SCHEMES_OF_PAGES.includes(main ?? '') ||
        others.some(scheme => !SCHEMES_OF_FRAMES.includes(scheme))
      )
        throw new CaptureError('refused', 'The page leads to an address that is neither http nor https')
    },
  }
}
