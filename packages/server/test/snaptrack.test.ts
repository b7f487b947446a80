import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEngine } from '../src/storage/open-engine'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import {
  startTestServer,
  type TestAnswer,
  type TestCall,
  type TestServer,
  type TestUser,
} from '../src/testing/start-test-server'

const MINUTE = 60_000
const DAY = 24 * 3_600_000
const URLS = { successUrl: '/done', cancelUrl: '/billing' }
const HOME = { name: 'Home', url: 'https://example.com' }
const UNAUTHORIZED = '{"success":false,"error":"Unauthorized"}'
const NOT_FOUND = { message: 'Resource not found' }
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Somebody with a token for this surface. */
interface Reader extends TestUser {
  readonly token: string
}

const limitsOf = ({ headers }: TestAnswer) =>
  ['limit', 'remaining', 'reset'].map(name => Number(headers.get(`x-ratelimit-${name}`)))

describeOnEachDatabase('the snaptrack surface', createDatabase => {
  let server: TestServer
  let databaseUrl: string
  beforeAll(async () => {
    databaseUrl = await createDatabase()
    server = await startTestServer({ databaseUrl, defaultPlan: 'free' })
  })
  afterAll(() => server.stop())

  const makeToken = async (user: TestUser): Promise<string> =>
    (await server.createKey(user, { format: 'snt', scopes: undefined })).key
  const buy = async ({ cookie, organizationId }: TestUser, tierId: string, card = 'pays') => {
    const body = { tierId, interval: 'month', seatCount: 2, ...URLS }
    const path = `/api/user/organizations/${organizationId}/payments`
    const { data } = (await server.call('POST', `${path}/checkout`, { cookie, body })).body
    const paid = await server.call('POST', `/api/sandbox/checkouts/${data.sessionId}/pay`, { body: { card } })
    expect(paid.status).toBe(200)
  }
  const changePlan = ({ cookie, organizationId }: TestUser, body: object) =>
    server.call('PATCH', `/api/user/organizations/${organizationId}/payments/subscription`, { cookie, body })
  const read = async (tierId?: string, card?: string, name?: string): Promise<Reader> => {
    const user = await server.signUp(name)
    if (tierId !== undefined) await buy(user, tierId, card)
    return { ...user, token: await makeToken(user) }
  }
  const call = (token: string, method: string, path: string, body?: unknown, more: TestCall = {}) =>
    server.call(method, path, {
      ...(body !== undefined && { body }),
      ...more,
      headers: { authorization: `Bearer ${token}`, ...more.headers },
    })
  /** So that what follows is in one calendar minute. */
  const beginMinute = () => server.advance(MINUTE - (server.now() % MINUTE))

  test('lets nobody in but with a token of its own, and says no more than that', async () => {
    const reader = await read('pro')
    const { key } = await server.createKey(reader)
    const { token, cookie } = reader
    const bearer = (value: string) => ({ headers: { authorization: value } })
    for (const sent of [
      {},
      bearer(''),
      bearer('Bearer'),
      bearer('Bearer '),
      bearer(`Token ${token}`),
      bearer(token),
      bearer(`Bearer ${token} x`),
      bearer(`Bearer ${token}x`),
      bearer(`Bearer ${token.slice(0, -1)}`),
      bearer(`Bearer ${token.toUpperCase()}`),
      bearer('Bearer null'),
      bearer(`Bearer ${key}`),
      { key },
      { key: token },
      { cookie },
      { cookie: `snoop_session=${token}` },
    ]) {
      for (const path of ['/test', '/api/test', '/websites', '/api/websites/1/screenshot']) {
        const method = path.endsWith('screenshot') ? 'POST' : 'GET'
        const answer = await server.call(method, path, sent)
        expect([answer.status, JSON.stringify(answer.body)]).toEqual([401, UNAUTHORIZED])
      }
    }
    expect((await server.call('GET', '/test', { cookie, key, ...bearer(`bearer  ${token}`) })).status).toBe(
      200,
    )
    const native = await server.call('GET', '/api/user/me', { key: token })
    expect(native.status).toBe(401)
  })

  test('tells that the token works, as it was published', async () => {
    const { token, email } = await read('pro', 'pays', 'John Doe')
    beginMinute()
    const answer = await call(token, 'GET', '/test', undefined, {
      headers: { 'content-type': 'application/json' },
    })
    const reset = (Math.floor(server.now() / MINUTE) + 1) * 60
    const { id } = answer.body.user
    expect(Number.isSafeInteger(id) && id > 0).toBe(true)
    expect(JSON.stringify(answer.body)).toBe(
      JSON.stringify({
        success: true,
        message: 'API is working',
        user: { id, name: 'John Doe', email, subscription_tier: 'pro' },
        rate_limit: { limit: 20, remaining: 19, reset },
      }),
    )
    expect([answer.status, limitsOf(answer)]).toEqual([200, [20, 19, reset]])
    const below = await call(token, 'GET', '/api/test')
    expect([below.body.user.id, below.body.rate_limit.remaining]).toEqual([id, 18])
  })

  test('has one live token for an account: a new one ends the old one at once', async () => {
    const reader = await read('pro')
    expect((await call(reader.token, 'GET', '/test')).status).toBe(200)
    const token = await makeToken(reader)
    const ended = await call(reader.token, 'GET', '/test')
    expect([ended.status, JSON.stringify(ended.body)]).toEqual([401, UNAUTHORIZED])
    expect((await call(token, 'GET', '/test')).status).toBe(200)
  })

  test('is not for the free plan, whatever is called', async () => {
    const { token } = await read()
    const body = JSON.stringify({
      success: false,
      error: 'API access is not available on your plan',
      message: 'Upgrade your subscription to use the API',
      current_plan: 'free',
    })
    for (const [method, path, sent] of [
      ['GET', '/test'],
      ['GET', '/api/test'],
      ['GET', '/websites'],
      ['POST', '/api/websites', HOME],
      ['POST', '/websites', {}],
      ['DELETE', '/websites/1'],
      ['POST', '/websites/1/screenshot'],
      ['GET', '/screenshots'],
    ] as const) {
      const answer = await call(token, method, path, sent)
      expect([answer.status, JSON.stringify(answer.body)]).toEqual([403, body])
      expect(limitsOf(answer).slice(0, 2)).toEqual([0, 0])
      expect(answer.headers.get('x-ratelimit-reset')).toMatch(/^\d+$/)
      expect(answer.headers.get('x-error-code')).toBe('PLAN_FEATURE_MISSING')
    }
  })

  test('goes by the plan from the next call on', async () => {
    const [reader, unpaid] = [await read(), await read('starter', 'pays-once')]
    const { token } = reader
    const limit = async () => limitsOf(await call(token, 'GET', '/test'))[0]
    expect(await limit()).toBe(0)
    await buy(reader, 'starter')
    expect(await limit()).toBe(5)
    await changePlan(reader, { tierId: 'business' })
    expect(await limit()).toBe(60)
    const { body } = await changePlan(reader, { cancelAtPeriodEnd: true })
    const end: string = body.data.currentPeriodEnd
    expect((await call(token, 'GET', '/test')).status).toBe(200)
    server.advance(Date.parse(end) - server.now())
    const ended = await call(token, 'GET', '/test')
    expect([ended.status, JSON.stringify(ended.body)]).toEqual([
      403,
      JSON.stringify({ success: false, error: 'Your subscription has expired', expired_at: end }),
    ])
    // Past due, and still within its grace.
    expect((await call(unpaid.token, 'GET', '/test')).status).toBe(200)
    server.advance(8 * DAY)
    const lapsed = await call(unpaid.token, 'GET', '/test')
    expect([lapsed.status, lapsed.body.error, lapsed.body.current_plan]).toEqual([
      403,
      'API access is not available on your plan',
      'free',
    ])
  })

  test('is called as often in a calendar minute as the plan says', async () => {
    const [reader, other] = [await read('starter'), await read('starter')]
    const { token } = reader
    beginMinute()
    server.advance(40_000)
    const paths = ['/test', '/api/websites', '/websites/9', '/api/test', '/screenshots']
    for (const [index, path] of paths.entries())
      expect(limitsOf(await call(token, 'GET', path)).slice(0, 2)).toEqual([5, 4 - index])
    const reset = (Math.floor(server.now() / MINUTE) + 1) * 60
    const refused = await call(token, 'GET', '/test')
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([
      429,
      JSON.stringify({
        success: false,
        error: 'Rate limit exceeded',
        message: 'You have exceeded the API rate limit of 5 requests per minute',
        limit: 5,
        current: 5,
        reset_at: reset,
      }),
    ])
    expect(limitsOf(refused)).toEqual([5, 0, reset])
    const seconds = Number(refused.headers.get('retry-after'))
    expect(seconds > 0 && seconds <= 20).toBe(true)
    const renewed = await makeToken(reader)
    expect((await call(renewed, 'GET', '/test')).status).toBe(429)
    expect(limitsOf(await call(other.token, 'GET', '/test'))[1]).toBe(4)
    server.advance(20_000)
    expect(limitsOf(await call(renewed, 'GET', '/test'))).toEqual([5, 4, reset + 60])
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => (await call(renewed, 'GET', '/test')).status),
    )
    expect(statuses.filter(status => status === 200)).toHaveLength(4)
    expect(statuses.filter(status => status === 429)).toHaveLength(16)
  })

  test('is shared by the members of an organization: websites, plan and calls', async () => {
    const [reader, mate] = [await read('starter'), await server.signUp()]
    const { organizationId: organization_id } = reader
    const engine = await openEngine({ database: databaseUrl })
    // Longer a member than of the organization of their own: this one is their home.
    const row = { organization_id, id: `mate-${mate.id}`, user_id: mate.id, role: 'member' }
    await engine.db
      .insertInto('memberships')
      .values({ ...row, created_at: 0, updated_at: 0 })
      .execute()
    await engine.close()
    const token = await makeToken(mate)
    beginMinute()
    const made = await call(token, 'POST', '/websites', HOME)
    expect([made.status, limitsOf(made).slice(0, 2)]).toEqual([201, [5, 4]])
    const list = await call(reader.token, 'GET', '/websites')
    expect([list.body.data, limitsOf(list)[1]]).toEqual([[made.body.data], 3])
  })

  test('counts calls that fail, but none of who is not let in', async () => {
    const { token } = await read('starter')
    beginMinute()
    await call(`${token}x`, 'GET', '/test')
    expect(limitsOf(await call(token, 'POST', '/websites', {}))[1]).toBe(4)
    expect(limitsOf(await call(token, 'GET', '/websites/77'))[1]).toBe(3)
    expect(limitsOf(await call(token, 'POST', '/websites', '{'))[1]).toBe(2)
  })

  test('keeps websites', async () => {
    const { token } = await read('business')
    const made = await call(token, 'POST', '/websites', HOME)
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
    const changed = await call(token, 'PUT', '/api/websites/1', change)
    const after = { ...site, ...change }
    expect([changed.status, changed.body]).toEqual([200, { success: true, data: after }])
    const one = await call(token, 'GET', '/websites/1')
    expect([one.status, JSON.stringify(one.body)]).toEqual([200, JSON.stringify({ data: after })])
    for (let index = 2; index <= 16; index++) await call(token, 'POST', '/api/websites', HOME)
    const pages = await Promise.all(
      ['', '?page=2', '?page=3'].map(async query => (await call(token, 'GET', `/websites${query}`)).body),
    )
    expect(JSON.stringify(pages[0].meta)).toBe('{"current_page":1,"total":16}')
    expect(pages.map(({ data, meta }) => [data.length, meta])).toEqual([
      [15, { current_page: 1, total: 16 }],
      [1, { current_page: 2, total: 16 }],
      [0, { current_page: 3, total: 16 }],
    ])
    expect(pages[0].data[0]).toEqual(after)
    const gone = await call(token, 'DELETE', '/websites/1')
    expect([gone.status, gone.body]).toEqual([200, { success: true, message: 'Website deleted' }])
    expect((await call(token, 'GET', '/websites/1')).body).toEqual(NOT_FOUND)
  })

  test('says what a path, a field or the plan is wrong with', async () => {
    const { token } = await read('business')
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
      const answer = await call(token, method, path)
      expect([answer.status, answer.body]).toEqual([404, NOT_FOUND])
    }
    const invalid = async (body: unknown, method = 'POST', path = '/websites') => {
      const answer = await call(token, method, path, body)
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
    const foreign = await call(token, 'POST', '/websites', undefined, {
      headers: { 'content-type': 'text/plain' },
    })
    expect([foreign.status, foreign.body.success]).toEqual([415, false])
  })

  test('has as many websites as the plan allows', async () => {
    const { token } = await read('starter')
    beginMinute()
    for (let index = 0; index < 5; index++)
      expect((await call(token, 'POST', '/websites', HOME)).status).toBe(201)
    beginMinute()
    const refused = await call(token, 'POST', '/websites', HOME)
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
    const [reader, other] = [await read('business'), await read('business')]
    const { token } = reader
    await call(token, 'POST', '/websites', HOME)
    const none = await call(token, 'POST', '/websites/1/screenshot')
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
    const one = await call(token, 'GET', `/screenshots/${done}`)
    expect([one.status, JSON.stringify(one.body)]).toEqual([200, JSON.stringify({ data: shown })])
    const list = await call(token, 'GET', '/api/screenshots?website_id=1')
    expect(list.body.meta).toEqual({ current_page: 1, total: 3 })
    expect(list.body.data.map(({ id }: { id: string }) => id)).toEqual([failed, done, queued])
    expect((await call(token, 'GET', '/screenshots?website_id=2')).body.data).toEqual([])

    const file = await fetch(`${server.url}/screenshots/${done}/download`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(Buffer.from(await file.arrayBuffer())).toEqual(PNG)
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect(file.headers.get('content-disposition')).toBe(`inline; filename="screenshot-${done}.png"`)
    const waiting = await call(token, 'GET', `/screenshots/${queued}/download`)
    expect([waiting.status, waiting.body.success]).toEqual([409, false])
    const away = await call(token, 'GET', `/screenshots/${failed}/download`)
    expect([away.status, away.body]).toEqual([
      409,
      { success: false, error: 'This screenshot failed: The page is away' },
    ])

    for (const path of [`/screenshots/${done}`, `/screenshots/${done}/download`, '/websites/1']) {
      const answer = await call(other.token, 'GET', path)
      expect([answer.status, answer.body]).toEqual([404, NOT_FOUND])
    }
    expect((await call(other.token, 'GET', '/screenshots')).body.data).toEqual([])
    expect((await call(other.token, 'GET', '/websites')).body.data).toEqual([])
  })
})

describe('a server without the snaptrack surface', () => {
  test('does not know its paths', async () => {
    const server = await startTestServer({ surfaces: ['native'] })
    for (const path of ['/test', '/api/websites'])
      expect((await server.call('GET', path)).body).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    await server.stop()
  })
})
