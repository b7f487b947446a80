import jsqr from 'jsqr'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../src/config/settings'
import { describeInChromium } from '../src/pages/testing/describe-in-chromium'
import { heading, press } from '../src/pages/testing/tab-steps'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { startTestServer, type TestAnswer, type TestServer } from '../src/testing/start-test-server'

const TARGET = 'https://example.com/very/long?x=1'
const DATE = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

const newKey = async (server: TestServer, scopes: readonly string[] = []): Promise<string> => {
  const user = await server.signUp()
  return (await server.createKey(user, { format: 'snpy', scopes })).key
}

describeOnEachDatabase('short links and QR codes', createDatabase => {
  let server: TestServer
  let key: string
  beforeAll(async () => {
    server = await startTestServer({ databaseUrl: await createDatabase() })
  })
  beforeEach(async () => {
    key = await newKey(server)
  })
  afterAll(() => server.stop())

  const call = (method: string, path: string, body?: unknown, withKey = key) =>
    server.call(method, `/api${path}`, { key: withKey, ...(body !== undefined && { body }) })
  const add = async (body: object = {}) =>
    (await call('POST', '/url/add', { url: TARGET, ...body })).body.data
  const addQr = async (body: object = {}) =>
    (await call('POST', '/qr/add', { name: 'Poster', url: TARGET, ...body })).body.data
  const open = (alias: string, method = 'GET') => server.call(method, `/s/${alias}`)
  const unlock = (alias: string, body: string, headers: object = {}) =>
    server.call('POST', `/s/${alias}`, { body, headers: { ...FORM, ...headers } })
  const refusal = ({ status, body }: TestAnswer) => [status, Object.keys(body).join(), body.error]

  test('are made, listed, found, changed, followed and deleted in the shapes of the contract', async () => {
    const added = await call('POST', '/url/add', { url: TARGET, alias: `a-${key.slice(-8)}` })
    expect([added.status, added.body]).toEqual([
      200,
      {
        error: 0,
        data: {
          id: 1,
          alias: `a-${key.slice(-8)}`,
          shorturl: `${server.url}/s/a-${key.slice(-8)}`,
          longurl: TARGET,
          clicks: 0,
          date: DATE,
        },
      },
    ])
    const url = added.body.data
    expect((await call('GET', '/url/1')).body).toEqual({ error: 0, data: url })
    const followed = await open(url.alias)
    expect([followed.status, followed.headers.get('location'), followed.body]).toEqual([302, TARGET, ''])
    expect(followed.headers.get('cache-control')).toBe('no-store')
    expect(followed.headers.get('referrer-policy')).toBe('no-referrer')
    const changed = await call('PUT', '/url/1/update', { url: 'https://example.org', utm_source: 'mail' })
    expect(changed.body).toEqual({ error: 0, data: { ...url, longurl: 'https://example.org', clicks: 1 } })
    expect((await open(url.alias)).headers.get('location')).toBe('https://example.org/?utm_source=mail')
    expect((await call('DELETE', '/url/1/delete')).body).toEqual({ error: 0, data: { id: 1 } })
    expect((await open(url.alias)).status).toBe(404)
    for (const [method, path] of [
      ['GET', '/url/1'],
      ['PUT', '/url/1/update'],
      ['DELETE', '/url/1/delete'],
    ] as const)
      expect(refusal(await call(method, path, method === 'PUT' ? {} : undefined))).toEqual([
        404,
        'error,message',
        1,
      ])
  })

  test('are numbered in their organization, and hidden from others', async () => {
    const [mine, other] = [key, await newKey(server)]
    await add()
    key = other
    expect((await add()).id).toBe(1)
    await addQr()
    await call('DELETE', '/url/1/delete')
    key = mine
    expect((await call('GET', '/urls')).body.data.result).toBe(1)
    expect((await call('GET', '/qrs')).body.data.result).toBe(0)
    expect((await call('GET', '/qr/1/download')).status).toBe(404)
  })

  test('are closed to a key with scopes of QR codes alone, and the other way round', async () => {
    const id = { url: (await add()).id, qr: (await addQr()).id }
    const statuses = async (withKey: string, thing: 'url' | 'qr') => {
      const body = { name: 'x', url: TARGET }
      const answers = [
        await call('GET', `/${thing}s`, undefined, withKey),
        await call('GET', `/${thing}/${id[thing]}`, undefined, withKey),
        await call('POST', `/${thing}/add`, body, withKey),
        await call('PUT', `/${thing}/${id[thing]}/update`, {}, withKey),
        await call('DELETE', `/${thing}/${id[thing]}/delete`, undefined, withKey),
      ]
      return answers.map(({ status }) => status)
    }
    const qrKey = await newKey(server, ['qr:read', 'qr:write'])
    expect(await statuses(qrKey, 'url')).toEqual(Array(5).fill(403))
    expect(await statuses(await newKey(server, ['url:read', 'url:write']), 'qr')).toEqual(Array(5).fill(403))
    expect(await statuses(qrKey, 'qr')).toEqual([200, 404, 200, 200, 200])
    const reader = await newKey(server, ['url:read'])
    expect(await statuses(reader, 'url')).toEqual([200, 404, 403, 403, 403])
  })

  test('are no longer followed once expired, used up or gone: a page says so, also to HEAD', async () => {
    const link = await add({ expiry: new Date(server.now() + 60_000).toISOString() })
    const once = await add({ maxClicks: 1 })
    const looked = await open(once.alias, 'HEAD')
    expect([looked.status, looked.headers.get('location')]).toEqual([200, null])
    expect((await open(once.alias)).status).toBe(302)
    server.advance(60_000)
    for (const { alias } of [link, once]) {
      const { status, headers, body } = await open(alias)
      expect([status, headers.get('content-type')]).toEqual([410, 'text/html; charset=utf-8'])
      expect(body).toMatch(/<h1>This link has (expired|been opened)/)
      expect((await open(alias, 'HEAD')).status).toBe(410)
    }
    const nowhere = await open('nobodys')
    expect([nowhere.status, nowhere.body]).toEqual([404, expect.stringContaining('This link leads nowhere')])
    expect((await call('GET', `/url/${once.id}`)).body.data.clicks).toBe(1)
  })

  test('of 100 requests at once on one that takes 10, 10 are followed; of 200 on another, all are counted', async () => {
    const [capped, free] = [await add({ maxClicks: 10 }), await add()]
    const statuses = await Promise.all(
      Array.from(
        { length: 300 },
        async (_, index) => (await open((index < 100 ? capped : free).alias)).status,
      ),
    )
    expect(statuses.slice(0, 100).filter(status => status === 302)).toHaveLength(10)
    expect(statuses.slice(0, 100).filter(status => status === 410)).toHaveLength(90)
    expect(statuses.slice(100)).toEqual(Array(200).fill(302))
    expect((await call('GET', `/url/${free.id}`)).body.data.clicks).toBe(200)
  })

  test('with a password show a form, and lead on after it', async () => {
    const { alias, id } = await add({ password: 'sésame & co' })
    const asked = await open(alias)
    expect([asked.status, asked.headers.get('location')]).toEqual([200, null])
    expect(asked.body).toContain('<form method="post">')
    const wrong = await unlock(alias, 'password=x')
    expect([wrong.status, wrong.headers.get('location')]).toEqual([403, null])
    expect(wrong.body).toContain('This password is wrong')
    for (const body of ['', 'password=', 'password=a&password=b', `password=${'x'.repeat(10_000)}`])
      expect((await unlock(alias, body)).status, body.slice(0, 20)).toBeOneOf([403, 429])
    expect((await call('GET', `/url/${id}`)).body.data.clicks).toBe(0)
    server.advance(3_600_000)
    const right = await unlock(alias, 'password=s%C3%A9same+%26+co')
    expect([right.status, right.headers.get('location')]).toEqual([303, TARGET])
    const foreign = await unlock(alias, 'password=x', { origin: 'https://evil.example' })
    expect(foreign.status).toBe(403)
    expect(foreign.body).not.toContain('This password is wrong')
  })

  test('QR codes are made, listed, downloaded, scanned, changed and deleted', async () => {
    const added = await call('POST', '/qr/add', {
      name: 'Poster',
      url: TARGET,
      foreground: '#1A2B3C',
      size: 400,
    })
    const qr = added.body.data
    expect(added.body).toEqual({
      error: 0,
      data: {
        id: 1,
        name: 'Poster',
        url: expect.stringMatching(/\/s\/[0-9A-Za-z]{7}$/),
        scans: 0,
        date: DATE,
      },
    })
    const download = (format: string) =>
      fetch(`${server.url}/api/qr/1/download${format}`, { headers: { 'x-api-key': key } })
    const image = await download('')
    expect([image.headers.get('content-type'), image.headers.get('content-disposition')]).toEqual([
      'image/png',
      'inline; filename="qr-1.png"',
    ])
    const png = PNG.sync.read(Buffer.from(await image.arrayBuffer()))
    expect([png.width, png.height]).toEqual([400, 400])
    const scanned = jsqr(new Uint8ClampedArray(png.data), png.width, png.height)?.data ?? ''
    expect(scanned).toBe(qr.url)
    expect((await open(scanned.slice(`${server.url}/s/`.length))).headers.get('location')).toBe(TARGET)
    const svg = await download('?format=svg')
    expect(svg.headers.get('content-type')).toBe('image/svg+xml')
    expect(await svg.text()).toMatch(/^<svg .*<\/svg>\n$/)
    expect((await download('?format=gif')).status).toBe(422)
    expect((await call('PUT', '/qr/1/update', { name: 'Door' })).body.data).toEqual({
      ...qr,
      name: 'Door',
      scans: 1,
    })
    expect((await call('GET', '/qrs')).body.data).toEqual({
      result: 1,
      perpage: 15,
      currentpage: 1,
      nextpage: null,
      maxpage: 1,
      qrs: [{ ...qr, name: 'Door', scans: 1 }],
    })
    expect((await call('GET', '/urls')).body.data.result).toBe(0)
    expect((await call('DELETE', '/qr/1/delete')).body).toEqual({ error: 0, data: { id: 1 } })
    expect((await fetch(qr.url, { redirect: 'manual' })).status).toBe(404)
  })
})

describe('redirects', () => {
  let server: TestServer
  afterAll(() => server?.stop())

  test('are counted by no window of an address; passwords are', async () => {
    server = await startTestServer({
      rateLimits: {
        ...DEFAULT_RATE_LIMITS,
        global: { max: 20, windowMs: 60_000 },
        signUp: null,
        signIn: null,
      },
    })
    const key = await newKey(server)
    const { body } = await server.call('POST', '/api/url/add', { key, body: { url: TARGET } })
    const statuses = new Set<number>()
    for (let count = 0; count < 50; count++)
      statuses.add((await server.call('GET', `/s/${body.data.alias}`)).status)
    expect([...statuses]).toEqual([302])
    const posts = []
    for (let count = 0; count < 25; count++)
      posts.push(
        (await server.call('POST', `/s/${body.data.alias}`, { body: 'password=x', headers: FORM })).status,
      )
    expect(posts).toContain(303)
    expect(posts).toContain(429)
  })

  test('are there only with the surface', async () => {
    const without = await startTestServer({ surfaces: ['native'] })
    try {
      expect((await without.call('GET', '/s/abcdefg')).body).toMatchObject({ code: 'NOT_FOUND' })
    } finally {
      await without.stop()
    }
  })
})

describeInChromium('a link with a password in a browser', openTab => {
  test('is opened without scripts, after a wrong password too, and leads to another site', async () => {
    const [server, elsewhere] = [await startTestServer(), await startTestServer()]
    try {
      const target = `${elsewhere.url.replace('127.0.0.1', 'localhost')}/health`
      const body = { url: target, password: 'sesame' }
      const { alias } = (await server.call('POST', '/api/url/add', { key: await newKey(server), body })).body
        .data
      const { page, faults } = await openTab({ javaScriptEnabled: false })
      await page.goto(`${server.url}/s/${alias}`)
      await heading(page, 'This link asks for a password')
      await page.getByLabel('Password').fill('wrong')
      await press(page, 'Open the link')
      await page.getByRole('alert').getByText('This password is wrong').waitFor()
      expect(await page.title()).toMatch(/^Wrong password - /)
      expect(page.url()).toBe(`${server.url}/s/${alias}`)
      await page.getByLabel('Password').fill('sesame')
      await press(page, 'Open the link')
      await page.waitForURL(target)
      expect(faults.filter(fault => /policy/i.test(fault))).toEqual([])
    } finally {
      await Promise.all([server.stop(), elsewhere.stop()])
    }
  })
})
