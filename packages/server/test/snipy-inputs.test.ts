import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestServer, type TestAnswer, type TestServer } from '../src/testing/start-test-server'
import { createTestDatabase, TEST_ENGINES, type TestDatabase } from '../src/testing/test-database'

const TARGET = 'https://example.com/very/long?x=1'

/** One is enough; of the two PostgreSQL takes fewer texts. */
const ENGINE = TEST_ENGINES.includes('postgres') ? 'postgres' : 'sqlite'

describe('lists and inputs of short links and QR codes', () => {
  let database: TestDatabase
  let server: TestServer
  let key: string
  beforeAll(async () => {
    database = await createTestDatabase(ENGINE)
    server = await startTestServer({ databaseUrl: database.url })
  })
  beforeEach(async () => {
    key = (await server.createKey(await server.signUp(), { format: 'snpy', scopes: [] })).key
  })
  afterAll(async () => {
    await server.stop()
    await database.drop()
  })

  const call = (method: string, path: string, body?: unknown) =>
    server.call(method, `/api${path}`, { key, ...(body !== undefined && { body }) })
  const add = async (body: object = {}) =>
    (await call('POST', '/url/add', { url: TARGET, ...body })).body.data
  const addQr = async () => (await call('POST', '/qr/add', { name: 'Poster', url: TARGET })).body.data
  const open = (alias: string) => server.call('GET', `/s/${alias}`)
  const refusal = ({ status, body }: TestAnswer) => [status, Object.keys(body).join(), body.error]

  test('are listed in pages of at most 100', async () => {
    const page = async (query: string) => (await call('GET', `/urls${query}`)).body.data
    expect(await page('')).toEqual({
      result: 0,
      perpage: 15,
      currentpage: 1,
      nextpage: null,
      maxpage: 1,
      urls: [],
    })
    for (let count = 0; count < 3; count++) await add({ url: `https://example.com/${count}` })
    const frame = async (query: string) => {
      const { urls, ...rest } = await page(query)
      return [Object.values(rest), urls.map(({ id }: { id: number }) => id)]
    }
    expect(await frame('?limit=2')).toEqual([
      [3, 2, 1, 2, 2],
      [3, 2],
    ])
    expect(await frame('?limit=2&page=2&order=asc')).toEqual([[3, 2, 2, null, 2], [3]])
    expect(await frame('?limit=1000&page=9')).toEqual([[3, 100, 9, null, 1], []])
    expect(await frame('?search=example.com/1')).toEqual([[1, 15, 1, null, 1], [2]])
    for (const query of [
      '?page=0',
      '?limit=0',
      '?limit=x',
      '?sort=alias',
      '?order=up',
      '?search=%00',
      '?page=1&page=2',
    ])
      expect(refusal(await call('GET', `/urls${query}`)), query).toEqual([422, 'error,message', 1])
  })

  test('with nonsense are refused and break nothing', async () => {
    const texts = [
      'javascript:alert(1)',
      '\0',
      'a\0b',
      '\ud800',
      '\u202etxt.exe',
      'x'.repeat(100_000),
      '',
      '-1',
    ]
    const values: unknown[] = [...texts, 0, 1e300, true, []]
    const urlFields = [
      'url',
      'alias',
      'domain',
      'password',
      'expiry',
      'maxClicks',
      'utm_source',
      'utm_medium',
      'utm_campaign',
    ]
    const qrFields = ['name', 'url', 'foreground', 'background', 'errorCorrection', 'size', 'margin', 'logo']
    const odd: string[] = []
    const send = async (method: string, path: string, body: object, field: string) => {
      // As text, so that no value is taken for a secret that must not be found elsewhere.
      const { status } = await call(method, path, JSON.stringify(body))
      if (![200, 422].includes(status))
        odd.push(`${method} ${path} ${field} ${JSON.stringify(body).slice(0, 60)} ${status}`)
    }
    await Promise.all([add(), addQr()])
    for (const value of values) {
      await Promise.all([
        ...urlFields.map(field => send('POST', '/url/add', { url: TARGET, [field]: value }, field)),
        ...qrFields.map(field => send('PUT', '/qr/1/update', { [field]: value }, field)),
      ])
    }
    expect(odd).toEqual([])
    const statuses = async (fields: object) =>
      (await call('POST', '/url/add', { url: TARGET, ...fields })).status
    expect(await statuses({ url: 'javascript:alert(1)' })).toBe(422)
    expect(await statuses({ alias: 'x'.repeat(100_000) })).toBe(422)
    expect(await statuses({ expiry: '2020-01-01' })).toBe(422)
    expect((await call('POST', '/url/add', { url: TARGET, domain: 'snip.example' })).body.message).toBe(
      `domain: Must be ${new URL(server.url).host}, the host of the short URLs of this server`,
    )
    for (const path of ['0', '-1', '1.5', 'x', '99999999999', '%00'])
      expect((await call('GET', `/url/${path}`)).status, path).toBe(422)
    for (const alias of ['%00', '%E0%A4%A', '..%2f..', 'x'.repeat(5_000)])
      expect((await open(alias)).status, alias).toBe(404)
  })
})
