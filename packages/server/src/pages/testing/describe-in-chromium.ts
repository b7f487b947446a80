import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'

const EXECUTABLE = '/usr/bin/chromium'
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A tab of a browser that knows nothing of earlier ones, and what went wrong in it. */
export interface Tab {
  readonly page: Page
  /** Faults of scripts, and what the page's policy or the network refused. */
  readonly faults: readonly string[]
}

/** Opens a tab; it is closed after the test. */
export type OpenTab = (options?: BrowserContextOptions) => Promise<Tab>

/**
 * Runs a suite with a real Chromium. Where there is none this says so, and fails if all parts are required
 * (`SNOOP_REQUIRE_ALL_PARTS=1`).
 */
export const describeInChromium = (name: string, suite: (openTab: OpenTab) => void): void => {
  if (!existsSync(EXECUTABLE)) {
    const message = `Chromium is missing at ${EXECUTABLE}`
    if (process.env.SNOOP_REQUIRE_ALL_PARTS === '1') throw new Error(message)
    process.stderr.write(`\nLEFT OUT: ${message}, the pages are not tried in a browser.\n\n`)
    describe.skip(name, () => suite(async () => Promise.reject(new Error(message))))
    return
  }
  describe(name, () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: EXECUTABLE, headless: true, args: ARGUMENTS })
    })
    afterEach(() => Promise.all(browser.contexts().map(context => context.close())))
    afterAll(() => browser.close())
    suite(async options => {
      const page = await (await browser.newContext(options)).newPage()
      const faults: string[] = []
      page.on('pageerror', ({ message }) => faults.push(message))
      page.on('console', message => {
        if (message.type() === 'error') faults.push(message.text())
      })
      return { page, faults }
    })
  })
}
