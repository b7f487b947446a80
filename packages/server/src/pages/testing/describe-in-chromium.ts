import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { findChromium } from '../../testing/find-chromium'

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Shorter than a test's, so that it is the step that is named. */
const STEP_TIMEOUT_MS = 15_000

/** A tab of a browser that knows nothing of earlier ones, and what went wrong in it. */
export interface Tab {
  readonly page: Page
  /** Faults of scripts, and what the page's policy or the network refused. */
  readonly faults: readonly string[]
}

/** Opens a tab; it is closed after the test. */
export type OpenTab = (options?: BrowserContextOptions) => Promise<Tab>

/** Runs a suite with a real Chromium; where there is none it is left out aloud. @throws Error as `findChromium` does */
export const describeInChromium = (name: string, suite: (openTab: OpenTab) => void): void => {
  const executablePath = findChromium()
  if (executablePath === undefined) {
    describe.skip(name, () => suite(() => Promise.reject(new Error('There is no Chromium'))))
    return
  }
  describe(name, () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, headless: true, args: ARGUMENTS })
    })
    afterEach(() => Promise.all(browser.contexts().map(context => context.close())))
    afterAll(() => browser.close())
    suite(async options => {
      const page = await (await browser.newContext(options)).newPage()
      page.setDefaultTimeout(STEP_TIMEOUT_MS)
      const faults: string[] = []
      page.on('pageerror', ({ message }) => faults.push(message))
      page.on('console', message => {
        if (message.type() === 'error') faults.push(message.text())
      })
      return { page, faults }
    })
  })
}
