import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import { CaptureError } from '../domain/screenshots/capture-error'
import type { Photographer, ScreenshotRequest } from '../domain/screenshots/photographer'
import { setUnreferencedTimer } from '../timers/unreferenced-timers'
import { createAddressRule } from './address-rule'
import { type BrowserKeeper, createBrowserKeeper, endsWithin } from './browser-keeper'
import { type CaptureTimes, capturePage } from './capture-page'
import { type ForwardProxy, type ProxyPass, startForwardProxy } from './forward-proxy'
import type { ResolveName } from './open-connection'
import { watchPage } from './watch-page'

export interface PhotographerOptions {
  /** Program of Chromium. */
  readonly chromium: string
  /** Private addresses and ranges that may be visited. */
  readonly allow: readonly string[]
  readonly resolve?: ResolveName
  readonly times?: CaptureTimes
}

interface Studio {
  readonly proxy: ForwardProxy
  readonly keeper: BrowserKeeper
}

const TIMES: CaptureTimes = { totalMs: 30_000, loadMs: 20_000, settleMs: 3_000 }
const CLOSE_TIMEOUT_MS = 3_000

const resolveBySystem: ResolveName = async name =>
  (await lookup(name, { all: true })).map(({ address }) => address)

const addressesOfMachine = (): string[] =>
  Object.values(networkInterfaces()).flatMap(list => (list ?? []).map(({ address }) => address))

const readWebUrl = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new CaptureError('refused', 'Only http and https addresses can be captured')
  return url
}

/** Opens nothing before the first screenshot. */
export const createPhotographer = ({
  chromium,
  allow,
  resolve = resolveBySystem,
  times = TIMES,
}: PhotographerOptions): Photographer => {
  const isAllowed = createAddressRule(allow, addressesOfMachine)
  let studio: Promise<Studio> | undefined
  let last: Promise<unknown> = Promise.resolve()
  let isClosed = false

  const stopIfClosed = () => {
    if (isClosed) throw new CaptureError('crash', 'The server is being stopped')
  }

  const openStudio = async (): Promise<Studio> => {
    studio ??= startForwardProxy({ resolve, isAllowed }).then(proxy => ({
      proxy,
      keeper: createBrowserKeeper(chromium, proxy.port),
    }))
    try {
      return await studio
    } catch (cause) {
      studio = undefined
      throw new CaptureError('crash', 'The browser could not be started', { cause })
    }
  }

  const capture = async (
    { proxy, keeper }: Studio,
    pass: ProxyPass,
    request: ScreenshotRequest,
    url: URL,
  ) => {
    const browser = await keeper.open().catch((cause: unknown) => {
      throw new CaptureError('crash', 'The browser could not be started', { cause })
    })
    stopIfClosed()
    // Of its own: cookies, cache and storage are gone with it.
    const context = await browser.newContext({
      viewport: { width: request.viewportWidth, height: request.viewportHeight },
      deviceScaleFactor: 1,
      acceptDownloads: false,
      serviceWorkers: 'block',
      permissions: [],
      proxy: {
        server: `http://127.0.0.1:${proxy.port}`,
        bypass: '<-loopback>',
        username: pass.username,
        password: pass.password,
      },
    })
    try {
      const page = await context.newPage()
      const watch = watchPage(page, pass, url)
      return await Promise.race([capturePage(page, request, watch, times), watch.crashed])
    } finally {
      pass.end()
      if (!(await endsWithin(context.close(), CLOSE_TIMEOUT_MS))) await keeper.close('now')
    }
  }

  /** Whatever the browser does, this ends in time. */
  const captureInTime = async (request: ScreenshotRequest): Promise<Buffer> => {
    const url = readWebUrl(request.url)
    stopIfClosed()
    const { proxy, keeper } = await openStudio()
    const pass = proxy.issuePass()
    let isLate = false
    const callOff = setUnreferencedTimer(() => {
      isLate = true
      void keeper.close('now')
    }, times.totalMs)
    try {
      return await capture({ proxy, keeper }, pass, request, url)
    } catch (error) {
      if (error instanceof CaptureError) throw error
      if (isLate)
        throw new CaptureError('page', `The page took longer than ${times.totalMs / 1000} seconds`, {
          cause: error,
        })
      throw new CaptureError('crash', 'The browser failed', { cause: error })
    } finally {
      callOff()
      pass.end()
      keeper.rest()
    }
  }

  return {
    takeScreenshot: request => {
      const screenshot = last.then(() => captureInTime(request))
      last = screenshot.catch(() => {})
      return screenshot
    },
    close: async () => {
      isClosed = true
      const opened = await studio?.catch(() => undefined)
      await opened?.keeper.close('now')
      await last
      await opened?.keeper.close()
      await opened?.proxy.close()
    },
  }
}
