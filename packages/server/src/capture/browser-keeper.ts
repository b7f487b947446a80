import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { setUnreferencedTimer } from '../timers/unreferenced-timers'
import { hasSandbox } from './warn-without-sandbox'

/** A Chromium that is started when it is needed and kept for a while. */
export interface BrowserKeeper {
  /** The browser that runs, or a new one. @throws Error if it cannot be started */
  open(): Promise<Browser>
  /** Nobody uses it now: it ends in a minute, unless it is opened again. */
  rest(): void
  /** Ends it, by SIGKILL if it takes more than a moment or `now` says so; the next `open` starts another one. */
  close(now?: 'now'): Promise<void>
}

interface RunningBrowser {
  readonly browser: Browser
  readonly pid: number
  /** Its home, empty at first and removed behind it. */
  readonly folder: string
}

const LAUNCH_TIMEOUT_MS = 15_000
const KEPT_WARM_MS = 60_000
const CLOSE_TIMEOUT_MS = 3_000

/** Playwright's, which weaken what keeps pages in check. */
const UNWANTED_ARGUMENTS = [
  '--disable-popup-blocking',
  '--disable-hang-monitor',
  '--disable-ipc-flooding-protection',
  '--enable-unsafe-swiftshader',
  '--unsafely-disable-devtools-self-xss-warnings',
]

const ARGUMENTS = [
  // It never resolves a name itself: the proxy does. Only the proxy's own address is let through.
  '--host-resolver-rules=MAP * ^NOTFOUND , EXCLUDE 127.0.0.1',
  // UDP knows no proxy. Of the two names of the policy Chromium 156 obeys the second.
  '--disable-quic',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--dns-prefetch-disable',
  '--no-pings',
  '--disable-domain-reliability',
  '--disable-client-side-phishing-detection',
  '--disable-gpu',
  '--disable-crash-reporter',
  '--disable-notifications',
  '--disable-print-preview',
  '--js-flags=--max-old-space-size=512',
]

/** Resolves when `work` has, with false if that takes longer than `timeoutMs`. It never rejects. */
export const endsWithin = (work: Promise<unknown>, timeoutMs: number): Promise<boolean> =>
  new Promise(resolve => {
    const callOff = setUnreferencedTimer(() => resolve(false), timeoutMs)
    const settle = () => {
      callOff()
      resolve(true)
    }
    work.then(settle, settle)
  })

const findPid = async (browser: Browser): Promise<number> => {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const pid = processInfo.find(({ type }) => type === 'browser')?.id
  if (pid === undefined) throw new Error('Chromium does not say which process it is')
  return pid
}

/** Chromium leads a process group of its own. */
const killGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}

/**
 * @param program of Chromium
 * @param proxyPort of a proxy on 127.0.0.1, its only way out
 */
export const createBrowserKeeper = (program: string, proxyPort: number): BrowserKeeper => {
  let running: Promise<RunningBrowser> | undefined
  let callOffEnd = () => {}

  const launch = async (): Promise<RunningBrowser> => {
    // Large, and of no use to a server that takes no screenshots.
    const { chromium } = await import('playwright-core')
    const folder = await mkdtemp(join(tmpdir(), 'snoop-chromium-'))
    let browser: Browser | undefined
    try {
      browser = await chromium.launch({
        executablePath: program,
        headless: true,
        chromiumSandbox: hasSandbox(),
        // A pass belongs to a capture; what the browser asks for by itself has none, so it gets nothing. Loopback is no exception.
        proxy: { server: `http://127.0.0.1:${proxyPort}`, bypass: '<-loopback>' },
        ignoreDefaultArgs: UNWANTED_ARGUMENTS,
        args: ARGUMENTS,
        // Not the server's, which holds its secrets.
        env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8' },
        // The server ends by its own rules, and takes the browser along.
        handleSIGHUP: false,
        handleSIGINT: false,
        handleSIGTERM: false,
        timeout: LAUNCH_TIMEOUT_MS,
      })
      return { browser, folder, pid: await findPid(browser) }
    } catch (error) {
      await browser?.close().catch(() => {})
      await rm(folder, { recursive: true, force: true })
      throw error
    }
  }

  const end = async ({ browser, pid, folder }: RunningBrowser, now: boolean) => {
    const isKilled = now || !(await endsWithin(browser.close(), CLOSE_TIMEOUT_MS))
    if (isKilled) {
      if (browser.isConnected()) killGroup(pid)
      await endsWithin(browser.close(), CLOSE_TIMEOUT_MS)
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }

  const close: BrowserKeeper['close'] = async now => {
    callOffEnd()
    const ending = running
    running = undefined
    const browser = await ending?.catch(() => undefined)
    if (browser) await end(browser, now === 'now')
  }

  return {
    open: async () => {
      callOffEnd()
      const current = await running?.catch(() => undefined)
      if (current?.browser.isConnected()) return current.browser
      await close('now')
      running = launch()
      return (await running).browser
    },
    rest: () => {
      callOffEnd()
      callOffEnd = setUnreferencedTimer(() => void close(), KEPT_WARM_MS)
    },
    close,
  }
}
