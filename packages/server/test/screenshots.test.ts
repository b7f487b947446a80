import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium } from '../src/testing/find-chromium'
import { spawnServer } from '../src/testing/spawn-server'
import { startTestServer, type TestServer } from '../src/testing/start-test-server'

const chromium = findChromium()

const startSite = async (answer: RequestListener) => {
  const server = createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Processes whose environment or command line names the folder, such as a browser that has its home there. */
const processesOf = (text: string): string[] =>
  readdirSync('/proc').filter(pid => {
    if (!/^\d+$/.test(pid)) return false
    try {
      return ['cmdline', 'environ'].some(file =>
        readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(text),
      )
    } catch {
      return false
    }
  })

describe.skipIf(chromium === undefined)('screenshots on a whole server', () => {
  let server: TestServer
  let token: string
  let site: Awaited<ReturnType<typeof startSite>>
  beforeAll(async () => {
    site = await startSite((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<body style="background:#0a0">'),
    )
    server = await startTestServer({ chromium: chromium ?? '', screenshotAllow: ['127.0.0.1'] })
    token = (await server.createKey(await server.signUp(), { format: 'snt', scopes: undefined })).key
  })
  afterAll(async () => {
    await server.stop()
    site.close()
  })

  const call = (method: string, path: string, body?: unknown) =>
    server.call(method, path, {
      headers: { authorization: `Bearer ${token}` },
      ...(body !== undefined && { body }),
    })
  const ask = async (url: string): Promise<{ website: number; id: string }> => {
    const website = (
      await call('POST', '/websites', { name: 'Site', url, viewport_width: 640, viewport_height: 480 })
    ).body.data.id
    return { website, id: (await call('POST', `/websites/${website}/screenshot`)).body.job_id }
  }
  const ended = (id: string) =>
    expect
      .poll(async () => (await call('GET', `/screenshots/${id}`)).body.data, { timeout: 20_000 })
      .toMatchObject({ status: expect.stringMatching(/done|failed/) })

  test('are taken of an address that is allowed, and downloaded', async () => {
    const { website, id } = await ask(site.url)
    await ended(id)
    const download = await fetch(`${server.url}/screenshots/${id}/download`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(download.headers.get('content-type')).toBe('image/png')
    const image = PNG.sync.read(Buffer.from(await download.arrayBuffer()))
    expect([image.width, image.height, ...image.data.subarray(0, 3)]).toEqual([640, 480, 0, 170, 0])
    const { last_screenshot_at } = (await call('GET', `/websites/${website}`)).body.data
    expect(last_screenshot_at).toMatch(/^\d{4}-/)
  })

  test('are refused of a private address, which says who can allow it', async () => {
    const { id } = await ask(site.url.replace('127.0.0.1', '127.0.0.2'))
    await ended(id)
    expect((await call('GET', `/screenshots/${id}`)).body.data).toMatchObject({
      status: 'failed',
      error: 'This address is private; the operator can allow it with --screenshot-allow',
    })
  })
})

describe.skipIf(chromium === undefined)('the program, killed while it takes a screenshot', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'snoop-killed-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('takes the browser along', async () => {
    let reached = () => {}
    const isReached = new Promise<void>(resolve => {
      reached = resolve
    })
    // Its script keeps the page's process busy for ever.
    const site = await startSite((request, response) => {
      if (request.url === '/busy') reached()
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end(
        '<script>const r = new XMLHttpRequest(); r.open("GET", "/busy", false); r.send(); for (;;);</script>',
      )
    })
    // The browser has its home in a folder of this one.
    const server = await spawnServer(
      [
        '--data-dir',
        folder,
        '--chromium',
        chromium ?? '',
        '--screenshot-allow',
        '127.0.0.1',
        '--default-plan',
        'business',
      ],
      { TMPDIR: folder },
    )
    const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }
      const response = await fetch(server.url + path, init)
      const [session = ''] = response.headers.getSetCookie()
      const answer = (await response.json()) as { data: { id: number; key: string } }
      return { cookie: session.split(';', 1)[0] ?? '', data: answer.data }
    }
    const account = { email: 'ada@example.com', password: 'a-long-secure-passphrase', name: 'Ada' }
    await post('/api/auth/sign-up/email', account)
    const { cookie } = await post('/api/auth/sign-in/email', account)
    const { data } = await post('/api/auth/api-key/create', { name: 'key', format: 'snt' }, { cookie })
    const authorization = `Bearer ${data.key}`
    const website = await post('/websites', { name: 'Site', url: site.url }, { authorization })
    await post(`/websites/${website.data.id}/screenshot`, {}, { authorization })
    await isReached
    const home = join(folder, 'snoop-chromium-')
    expect(processesOf(home).length).toBeGreaterThan(0)
    await server.end('SIGKILL')
    await expect.poll(() => processesOf(home), { timeout: 10_000 }).toEqual([])
    site.close()
  })
})
