import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEngine } from '../src/storage/open-engine'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { type SnaptrackReaders, snaptrackReaders } from '../src/testing/snaptrack-readers'
import { startTestServer, type TestServer } from '../src/testing/start-test-server'

const MINUTE = 60_000
const DAY = 24 * 3_600_000
const HOME = { name: 'Home', url: 'https://example.com' }
const NOT_FOUND = { message: 'Resource not found' }
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

describeOnEachDatabase('websites and screenshots of the snaptrack surface', createDatabase => {
  let server: TestServer
  let readers: SnaptrackReaders
  let databaseUrl: string
  beforeAll(async () => {
    databaseUrl = await createDatabase()
    server = await startTestServer({ databaseUrl, defaultPlan: 'free' })
    readers = snaptrackReaders(server)
  })
  afterAll(() => server.stop())

  /** So that what follows is in one calendar minute. */
  const beginMinute = () => server.advance(MINUTE - (server.now() % MINUTE))

  test('keeps websites', async () => {
    const { token } = await readers.signUp('business')
    const made = await readers.call(token, 'POST', '/websites', HOME)
    const site = {
      id: 1,
      name: 'Home',
      url: 'https://example.com',
      viewport_width: 1920,
      viewport_height: 1080,
      full_page: false,
      status: 'active',
      last_screenshot_at: null,
    }
    expect([made.status, JSON.stringify(made.body)]).toEqual([
      201,
      JSON.stringify({ success: true, data: site }),
    ])
    const change = { name: 'Start', full_page: true, viewport_width: 800 }
    const changed = await readers.call(token, 'PUT', '/api/websites/1', change)
    const after = { ...site, ...change }
    expect([changed.status, changed.body]).toEqual([200, { success: true, data: after }])
    const one = await readers.call(token, 'GET', '/websites/1')
    expect([one.status, JSON.stringify(one.body)]).toEqual([200, JSON.stringify({ data: after })])
    for (let index = 2; index <= 16; index++) await readers.call(token, 'POST', '/api/websites', HOME)
    const pages = await Promise.all(
      ['', '?page=2', '?page=3'].map(
        async query => (await readers.call(token, 'GET', `/websites${query}`)).body,
      ),
    )
    expect(JSON.stringify(pages[0].meta)).toBe('{"current_page":1,"total":16}')
    expect(pages.map(({ data, meta }) => [data.length, meta])).toEqual([
      [15, { current_page: 1, total: 16 }],
      [1, { current_page: 2, total: 16 }],
      [0, { current_page: 3, total: 16 }],
    ])
    expect(pages[0].data[0]).toEqual(after)
    const gone = await readers.call(token, 'DELETE', '/websites/1')
    expect([gone.status, gone.body]).toEqual([200, { success: true, message: 'Website deleted' }])
    expect((await readers.call(token, 'GET', '/websites/1')).body).toEqual(NOT_FOUND)
  })

  test('says what a path, a field or the plan is wrong with', async () => {
    const { token } = await readers.signUp('business')
    for (const [path, method] of [
      ['/websites/1', 'GET'],
      ['/websites/0', 'GET'],
      ['/websites/-1', 'GET'],
      ['/api/websites/abc', 'GET'],
      ['/websites/99999999999999999999', 'GET'],
      ["/websites/1'--", 'DELETE'],
      ['/websites/7/screenshot', 'POST'],
      ['/screenshots/nobodys', 'GET'],
      ['/screenshots/nobodys/download', 'GET'],
      ['/screenshots/..%2f..%2fetc/download', 'GET'],
    ] as const) {
      const answer = await readers.call(token, method, path)
      expect([answer.status, answer.body]).toEqual([404, NOT_FOUND])
    }
    const invalid = async (body: unknown, method = 'POST', path = '/websites') => {
      const answer = await readers.call(token, method, path, body)
      expect([answer.status, answer.body.message]).toEqual([422, 'The given data was invalid.'])
      return answer.body.errors
    }
    expect(await invalid({ name: 'Home' })).toEqual({ url: ['The url field is required.'] })
    expect(await invalid({})).toEqual({
      name: ['The name field is required.'],
      url: ['The url field is required.'],
    })
    expect(await invalid({ ...HOME, url: 'file:///etc/passwd' })).toEqual({
      url: ['The url field must be a valid URL.'],
    })
    expect(await invalid({ ...HOME, viewport_width: 1e9, viewport_height: 'x' })).toEqual({
      viewport_width: ['The viewport width field must not be greater than 3840.'],
      viewport_height: ['The viewport height field must be an integer.'],
    })
    expect(await invalid('{')).toEqual({ body: ['The request body is not valid JSON.'] })
    expect(await invalid(undefined, 'GET', '/websites?page=x')).toEqual({
      page: ['The page field must be an integer.'],
    })
    const foreign = await readers.call(token, 'POST', '/websites', undefined, {
      headers: { 'content-type': 'text/plain' },
    })
    expect([foreign.status, foreign.body.success]).toEqual([415, false])
  })

  test('has as many websites as the plan allows', async () => {
    const { token } = await readers.signUp('starter')
    beginMinute()
    for (let index = 0; index < 5; index++)
      expect((await readers.call(token, 'POST', '/websites', HOME)).status).toBe(201)
    beginMinute()
    const refused = await readers.call(token, 'POST', '/websites', HOME)
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([
      403,
      JSON.stringify({
        success: false,
        error: 'Website limit reached',
        limit: 5,
        current_plan: 'starter',
      }),
    ])
  })

  test('takes screenshots by a browser that the operator names, and gives back those that there are', async () => {
    const [reader, other] = [await readers.signUp('business'), await readers.signUp('business')]
    const { token } = reader
    await readers.call(token, 'POST', '/websites', HOME)
    const none = await readers.call(token, 'POST', '/websites/1/screenshot')
    expect([none.status, none.body.success, none.headers.get('x-error-code')]).toEqual([
      503,
      false,
      'SERVICE_UNAVAILABLE',
    ])
    expect(none.body.error).toMatch(/--chromium/)

    const created_at = server.now()
    const row = {
      organization_id: reader.organizationId,
      website_number: 1,
      attempts: 1,
      // Nothing takes it meanwhile.
      next_attempt_at: created_at + 100 * DAY,
      error: null,
      image_base64: null,
      created_at,
      finished_at: null,
    }
    const engine = await openEngine({ database: databaseUrl })
    const { organizationId } = reader
    const [queued, done, failed] = ['1', '2', '3'].map(end => `${organizationId.slice(0, -1)}${end}`)
    const finished_at = created_at + 5
    await engine.db
      .insertInto('screenshots')
      .values([
        { ...row, id: queued!, status: 'queued' },
        { ...row, id: done!, status: 'done', image_base64: PNG.toString('base64'), finished_at },
        { ...row, id: failed!, status: 'failed', error: 'The page is away', finished_at },
      ])
      .execute()
    await engine.close()

    const at = (ms: number) => new Date(ms).toISOString()
    const shown = {
      id: done,
      website_id: 1,
      status: 'done',
      error: null,
      created_at: at(created_at),
      finished_at: at(finished_at),
    }
    const one = await readers.call(token, 'GET', `/screenshots/${done}`)
    expect([one.status, JSON.stringify(one.body)]).toEqual([200, JSON.stringify({ data: shown })])
    const list = await readers.call(token, 'GET', '/api/screenshots?website_id=1')
    expect(list.body.meta).toEqual({ current_page: 1, total: 3 })
    expect(list.body.data.map(({ id }: { id: string }) => id)).toEqual([failed, done, queued])
    expect((await readers.call(token, 'GET', '/screenshots?website_id=2')).body.data).toEqual([])

    const file = await fetch(`${server.url}/screenshots/${done}/download`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(Buffer.from(await file.arrayBuffer())).toEqual(PNG)
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect(file.headers.get('content-disposition')).toBe(`inline; filename="screenshot-${done}.png"`)
    const waiting = await readers.call(token, 'GET', `/screenshots/${queued}/download`)
    expect([waiting.status, waiting.body.success]).toEqual([409, false])
    const away = await readers.call(token, 'GET', `/screenshots/${failed}/download`)
    expect([away.status, away.body]).toEqual([
      409,
      { success: false, error: 'This screenshot failed: The page is away' },
    ])

    for (const path of [`/screenshots/${done}`, `/screenshots/${done}/download`, '/websites/1']) {
      const answer = await readers.call(other.token, 'GET', path)
      expect([answer.status, answer.body]).toEqual([404, NOT_FOUND])
    }
    expect((await readers.call(other.token, 'GET', '/screenshots')).body.data).toEqual([])
    expect((await readers.call(other.token, 'GET', '/websites')).body.data).toEqual([])
  })
})
