import { readdirSync, readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Photographer } from '../domain/screenshots/photographer'
import { findChromium } from '../testing/find-chromium'
import { NOT_VISITED, PRIVATE_ADDRESS } from './open-connection'
import { createPhotographer, type PhotographerOptions } from './photographer'
import { INTRUSION_ATTEMPTS, intrudingPage } from './testing/intruding-page'
import { type Sites, startSites } from './testing/start-sites'

const chromium = findChromium()

const PATIENT = { totalMs: 20_000, loadMs: 8_000, settleMs: 100 }
const HURRIED = { totalMs: 1_500, loadMs: 500, settleMs: 50 }

const html = (response: ServerResponse, text: string) =>
  response.writeHead(200, { 'content-type': 'text/html' }).write(text)

const readProcess = (pid: string, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return ''
  }
}

const parentOf = (pid: string): string => /\) \S (\d+)/.exec(readProcess(pid, 'stat'))?.[1] ?? ''

const isOurs = (pid: string): boolean => {
  for (let id = pid; id !== '' && id !== '0'; id = parentOf(id)) if (id === String(process.pid)) return true
  return false
}

/** Processes of Chromium below this one, of one kind such as `renderer` or all of them. */
const processesOfChromium = (kind = ''): string[] =>
  readdirSync('/proc').filter(
    pid => /^\d+$/.test(pid) && readProcess(pid, 'cmdline').includes(`--type=${kind}`) && isOurs(pid),
  )

describe.skipIf(chromium === undefined)('a screenshot by a real Chromium', () => {
  let sites: Sites
  let photographer: Photographer
  const times = { ...PATIENT }
  let names: string[]
  let addresses: Record<string, string[][]>

  const options = (allow: readonly string[]): PhotographerOptions => ({
    chromium: chromium ?? '',
    allow,
    times,
    resolve: async name => {
      names.push(name)
      const answers = addresses[name]
      return (answers && answers.length > 1 ? answers.shift() : answers?.[0]) ?? ['127.0.0.1']
    },
  })

  beforeAll(async () => {
    sites = await startSites()
    photographer = createPhotographer(options(['127.0.0.1']))
  })
  beforeEach(() => {
    sites.visits.length = 0
    sites.intrusions.length = 0
    Object.assign(times, PATIENT)
    names = []
    addresses = { 'private.example': [['127.0.0.2']] }
  })
  afterAll(async () => {
    await photographer.close()
    sites.close()
  })

  const site = (path = '/', host = '127.0.0.1') => `http://${host}:${sites.port}${path}`
  const take = (url: string, fullPage = false, by = photographer) =>
    by.takeScreenshot({ url, viewportWidth: 400, viewportHeight: 300, fullPage })
  const colourAt = (image: PNG, x: number, y: number) => {
    const at = (image.width * y + x) * 4
    return [...image.data.subarray(at, at + 3)]
  }
  const failure = (url: string) =>
    take(url).then(
      () => 'taken',
      ({ fault, message }) => `${fault}: ${message}`,
    )

  it('shows what the viewport shows, in its size, after scripts ran', async () => {
    sites.serve(
      '/page',
      '<body style="margin:0;background:#f00"><div style="height:2000px"></div><script>document.body.style.background="#0a0"</script>',
    )
    const image = PNG.sync.read(await take(site('/page')))
    expect([image.width, image.height]).toEqual([400, 300])
    expect(colourAt(image, 200, 150)).toEqual([0, 170, 0])
  })

  it('shows the whole page if it is to, no wider than the viewport', async () => {
    sites.serve(
      '/long',
      '<body style="margin:0"><div style="height:1000px;background:#00f"></div><div style="height:200px;width:900px;background:#ff0"></div>',
    )
    const image = PNG.sync.read(await take(site('/long'), true))
    expect([image.width, image.height]).toEqual([400, 1200])
    expect([colourAt(image, 5, 995), colourAt(image, 5, 1005)]).toEqual([
      [0, 0, 255],
      [255, 255, 0],
    ])
  })

  it('shows the first 8,000 pixels of a page without end', async () => {
    sites.serve(
      '/huge',
      '<body style="margin:0"><div style="height:10000000px;width:100000px;background:#0ff"></div>',
    )
    const image = PNG.sync.read(await take(site('/huge'), true))
    expect([image.width, image.height]).toEqual([400, 8000])
    expect(colourAt(image, 399, 7999)).toEqual([0, 255, 255])
  })

  it('keeps nothing between two captures', async () => {
    const cookies: (string | undefined)[] = []
    sites.serve('/cookie', ({ headers }, response) => {
      cookies.push(headers.cookie)
      response.setHeader('set-cookie', 'a=1; Max-Age=9999')
      response.setHeader('cache-control', 'max-age=9999')
      html(response, '<script>fetch("/report?" + localStorage.length); localStorage.x = 1</script>')
      response.end()
    })
    await take(site('/cookie'))
    await take(site('/cookie'))
    expect(cookies).toEqual([undefined, undefined])
    expect(sites.visits.filter(path => path.startsWith('/report'))).toEqual(['/report?0', '/report?0'])
  })

  // How else an address can be spelt, and which are private, stands in the tests of the rule and the proxy.
  it.each([
    ['2130706434', PRIVATE_ADDRESS],
    ['private.example', NOT_VISITED],
  ])('%s is refused', async (host, message) => {
    expect(await failure(site('/', host))).toBe(`refused: ${message}`)
    expect(sites.intrusions).toEqual([])
  })

  it.each<[string, (to: string, response: ServerResponse) => unknown]>([
    ['by a status', (to, response) => response.writeHead(302, { location: to }).end()],
    ['by a script', (to, response) => response.end(`<script>location = ${JSON.stringify(to)}</script>`)],
  ])('a page that leads to a private address %s fails', async (_how, redirect) => {
    sites.serve('/leads', (_request, response) => {
      response.setHeader('content-type', 'text/html')
      redirect(site('/x', 'private.example'), response)
    })
    expect(await failure(site('/leads'))).toBe(
      `refused: The page leads to private.example:${sites.port}. ${NOT_VISITED}`,
    )
    expect(sites.intrusions).toEqual([])
  })

  it.each([
    'file:///etc/passwd',
    'chrome://version',
    'chrome://crash',
    'view-source:http://a/',
    'data:text/html,x',
    'javascript:1',
    'ftp://a/',
    'about:blank',
    'nonsense',
  ])('%s is no address to capture', async url => {
    expect(await failure(url)).toBe('refused: Only http and https addresses can be captured')
  })

  it('no page gets at files or at pages of the browser itself', async () => {
    sites.serve('/target', (_request, response) =>
      response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    )
    expect(await failure(site('/target'))).toMatch(
      /^page: The page could not be opened \(ERR_UNSAFE_REDIRECT\)/,
    )
    sites.serve(
      '/local',
      `<body style="margin:0;background:#0a0"><iframe src="file:///etc/passwd" style="border:0;background:#0a0"></iframe>
      <iframe src="chrome://version"></iframe><iframe src="/target"></iframe>
      <script>
        const report = x => fetch('/report?' + x)
        fetch('file:///etc/passwd').then(() => report('file-read'), () => report('file-refused'))
        addEventListener('load', () => {
          for (const to of ['file:///etc/passwd', 'chrome://version', 'chrome://crash', 'view-source:' + location, 'data:text/html,x', 'filesystem:x', 'devtools://x'])
            try { location = to } catch {}
          window.open('file:///etc/passwd'); window.open('chrome://crash')
          report('tried')
        })
      </script>`,
    )
    const image = PNG.sync.read(await take(site('/local')))
    expect(colourAt(image, 390, 290)).toEqual([0, 170, 0])
    expect(sites.visits).toEqual(expect.arrayContaining(['/report?file-refused', '/report?tried']))
    expect(sites.visits).not.toContain('/report?file-read')
  })

  it('in no way does a page reach a private address', async () => {
    sites.serve('/intruder', intrudingPage(`private.example:${sites.port}`))
    await take(site('/intruder', 'localhost'))
    const reports = sites.visits.filter(path => path.startsWith('/report'))
    for (const name of INTRUSION_ATTEMPTS)
      expect(reports).toContainEqual(expect.stringContaining(`/report?${name}=`))
    expect(sites.intrusions).toEqual([])
  })

  it('which it does where the operator allows it, so that the test above can fail; but never past the proxy', async () => {
    const trusting = createPhotographer(options(['127.0.0.0/8']))
    sites.serve('/intruder', intrudingPage(`private.example:${sites.port}`))
    await take(site('/intruder', 'localhost'), false, trusting).finally(() => trusting.close())
    for (const name of ['fetch', 'xhr', 'beacon', 'image', 'script', 'style', 'frame', 'form', 'worker'])
      expect(sites.intrusions).toContainEqual(expect.stringContaining(` /${name} `))
    expect(sites.intrusions).not.toContain('datagram')
  })

  it('a name whose address changes after it was checked leads nowhere else', async () => {
    addresses['rebinding.example'] = [['127.0.0.1'], ['127.0.0.2']]
    sites.serve(
      '/rebinding',
      '<script>fetch("/again", { cache: "no-store" }).then(r => r.text()).then(t => fetch("http://127.0.0.1:" + location.port + "/report?" + t.includes("secret")))</script>',
    )
    await take(site('/rebinding', 'rebinding.example'))
    const asked = names.filter(name => name === 'rebinding.example')
    expect(asked.length).toBeGreaterThan(1)
    expect(sites.visits.filter(path => path === '/rebinding')).toHaveLength(1)
    expect(sites.visits).not.toContain('/again')
    expect(sites.intrusions).toEqual([])
  })

  it('what a page has not loaded in time is missing, and no more than that', async () => {
    sites.serve('/slow', '<body style="background:#0a0"><img src="/never">')
    sites.serve('/never', () => {})
    times.loadMs = HURRIED.loadMs
    const image = PNG.sync.read(await take(site('/slow')))
    expect(colourAt(image, 390, 290)).toEqual([0, 170, 0])
  })

  it('a page that never answers, or never lets go, fails in time', async () => {
    sites.serve('/silent', () => {})
    Object.assign(times, HURRIED)
    expect(await failure(site('/silent'))).toBe('page: The page did not answer within 0.5 seconds')
    sites.serve('/busy', '<script>for (;;);</script>')
    expect(await failure(site('/busy'))).toMatch(/^page: The page (is so busy|took longer)/)
  })

  it('dialogs are sent away, one after another', async () => {
    sites.serve('/alerts', '<script>for (;;) { alert(1); confirm(2); prompt(3) }</script>')
    Object.assign(times, HURRIED)
    expect(await failure(site('/alerts'))).toMatch(/^(taken|page: The page (is so busy|took longer))/)
  })

  it('downloads, permissions, popups and service workers are denied', async () => {
    sites.serve('/download', (_request, response) =>
      response.writeHead(200, { 'content-disposition': 'attachment; filename=a.exe' }).end('x'),
    )
    expect(await failure(site('/download'))).toBe(
      'page: The address is answered with a download or nothing, not with a page',
    )
    sites.serve('/worker.js', (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/javascript' }).end('fetch("/report?worker-runs")'),
    )
    sites.serve(
      '/wants',
      `<script>
        const report = x => fetch('/report?' + x)
        for (const name of ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'])
          navigator.permissions.query({ name }).then(({ state }) => report(name + '=' + state))
        navigator.serviceWorker?.register('/worker.js').catch(() => {})
        report('popup=' + window.open('/report?popup-opened'))
      </script>`,
    )
    await take(site('/wants', 'localhost'))
    const reports = sites.visits.filter(path => path.startsWith('/report'))
    expect(reports.filter(path => /granted|popup-opened|worker-runs/.test(path))).toEqual([])
    expect(reports.filter(path => path.includes('geolocation'))).toHaveLength(1)
  })

  it('a page whose process dies is worth another attempt, and the next page is captured', async () => {
    sites.serve('/dies', (_request, response) => {
      html(response, 'x')
      for (const pid of processesOfChromium('renderer')) process.kill(Number(pid), 'SIGKILL')
    })
    expect(await failure(site('/dies'))).toMatch(/^crash: /)
    sites.serve('/after', 'x')
    expect(PNG.sync.read(await take(site('/after'))).width).toBe(400)
  })

  it('a program that is no browser is worth another attempt', async () => {
    const ours = createPhotographer({ ...options([]), chromium: '/bin/false' })
    const message = 'The browser could not be started'
    await expect(take(site(), false, ours)).rejects.toMatchObject({ fault: 'crash', message })
    await ours.close()
  })

  it('the browser gets none of the environment of the server', () => {
    const environments = processesOfChromium().map(pid => readProcess(pid, 'environ'))
    expect(environments.length).toBeGreaterThan(0)
    expect(environments.join()).not.toContain('VITEST')
  })

  it('closed while it takes one, gives it up, and leaves no process behind', async () => {
    const ours = createPhotographer(options(['127.0.0.1']))
    const before = new Set(processesOfChromium())
    let reached = () => {}
    const isReached = new Promise<void>(resolve => {
      reached = resolve
    })
    sites.serve('/silent', () => reached())
    const screenshot = take(site('/silent'), false, ours)
    const outcome = screenshot.catch(({ fault }) => fault)
    await isReached
    const started = processesOfChromium().filter(pid => !before.has(pid))
    expect(started.length).toBeGreaterThan(0)
    await ours.close()
    expect(await outcome).toBe('crash')
    expect(processesOfChromium().filter(pid => started.includes(pid))).toEqual([])
    await expect(take(site('/silent'), false, ours)).rejects.toMatchObject({ fault: 'crash' })
  })
})
