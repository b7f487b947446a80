import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEngine } from '../src/storage/open-engine'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { type SnaptrackReaders, snaptrackReaders } from '../src/testing/snaptrack-readers'
import {
  startTestServer,
  type TestAnswer,
  type TestServer,
  type TestUser,
} from '../src/testing/start-test-server'

const MINUTE = 60_000
const DAY = 24 * 3_600_000
const HOME = { name: 'Home', url: 'https://example.com' }
const UNAUTHORIZED = '{"success":false,"error":"Unauthorized"}'

const limitsOf = ({ headers }: TestAnswer) =>
  ['limit', 'remaining', 'reset'].map(name => Number(headers.get(`x-ratelimit-${name}`)))

describeOnEachDatabase('the snaptrack surface', createDatabase => {
  let server: TestServer
  let readers: SnaptrackReaders
  let databaseUrl: string
  beforeAll(async () => {
    databaseUrl = await createDatabase()
    server = await startTestServer({ databaseUrl, defaultPlan: 'free' })
    readers = snaptrackReaders(server)
  })
  afterAll(() => server.stop())

  const changePlan = ({ cookie, organizationId }: TestUser, body: object) =>
    server.call('PATCH', `/api/user/organizations/${organizationId}/payments/subscription`, { cookie, body })
  /** So that what follows is in one calendar minute. */
  const beginMinute = () => server.advance(MINUTE - (server.now() % MINUTE))

  test('lets nobody in but with a token of its own, and says no more than that', async () => {
    const reader = await readers.signUp('pro')
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
    const { token, email } = await readers.signUp('pro', 'pays', 'John Doe')
    beginMinute()
    const answer = await readers.call(token, 'GET', '/test', undefined, {
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
    const below = await readers.call(token, 'GET', '/api/test')
    expect([below.body.user.id, below.body.rate_limit.remaining]).toEqual([id, 18])
  })

  test('has one live token for an account: a new one ends the old one at once', async () => {
    const reader = await readers.signUp('pro')
    expect((await readers.call(reader.token, 'GET', '/test')).status).toBe(200)
    const token = await readers.makeToken(reader)
    const ended = await readers.call(reader.token, 'GET', '/test')
    expect([ended.status, JSON.stringify(ended.body)]).toEqual([401, UNAUTHORIZED])
    expect((await readers.call(token, 'GET', '/test')).status).toBe(200)
  })

  test('is not for the free plan, whatever is called', async () => {
    const { token } = await readers.signUp()
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
      const answer = await readers.call(token, method, path, sent)
      expect([answer.status, JSON.stringify(answer.body)]).toEqual([403, body])
      expect(limitsOf(answer).slice(0, 2)).toEqual([0, 0])
      expect(answer.headers.get('x-ratelimit-reset')).toMatch(/^\d+$/)
      expect(answer.headers.get('x-error-code')).toBe('PLAN_FEATURE_MISSING')
    }
  })

  test('goes by the plan from the next call on', async () => {
    const [reader, unpaid] = [await readers.signUp(), await readers.signUp('starter', 'pays-once')]
    const { token } = reader
    const limit = async () => limitsOf(await readers.call(token, 'GET', '/test'))[0]
    expect(await limit()).toBe(0)
    await readers.buy(reader, 'starter')
    expect(await limit()).toBe(5)
    await changePlan(reader, { tierId: 'business' })
    expect(await limit()).toBe(60)
    const { body } = await changePlan(reader, { cancelAtPeriodEnd: true })
    const end: string = body.data.currentPeriodEnd
    expect((await readers.call(token, 'GET', '/test')).status).toBe(200)
    server.advance(Date.parse(end) - server.now())
    const ended = await readers.call(token, 'GET', '/test')
    expect([ended.status, JSON.stringify(ended.body)]).toEqual([
      403,
      JSON.stringify({ success: false, error: 'Your subscription has expired', expired_at: end }),
    ])
    // Past due, and still within its grace.
    expect((await readers.call(unpaid.token, 'GET', '/test')).status).toBe(200)
    server.advance(8 * DAY)
    const lapsed = await readers.call(unpaid.token, 'GET', '/test')
    expect([lapsed.status, lapsed.body.error, lapsed.body.current_plan]).toEqual([
      403,
      'API access is not available on your plan',
      'free',
    ])
  })

  test('is called as often in a calendar minute as the plan says', async () => {
    const [reader, other] = [await readers.signUp('starter'), await readers.signUp('starter')]
    const { token } = reader
    beginMinute()
    server.advance(40_000)
    const paths = ['/test', '/api/websites', '/websites/9', '/api/test', '/screenshots']
    for (const [index, path] of paths.entries())
      expect(limitsOf(await readers.call(token, 'GET', path)).slice(0, 2)).toEqual([5, 4 - index])
    const reset = (Math.floor(server.now() / MINUTE) + 1) * 60
    const refused = await readers.call(token, 'GET', '/test')
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
    const renewed = await readers.makeToken(reader)
    expect((await readers.call(renewed, 'GET', '/test')).status).toBe(429)
    expect(limitsOf(await readers.call(other.token, 'GET', '/test'))[1]).toBe(4)
    server.advance(20_000)
    expect(limitsOf(await readers.call(renewed, 'GET', '/test'))).toEqual([5, 4, reset + 60])
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => (await readers.call(renewed, 'GET', '/test')).status),
    )
    expect(statuses.filter(status => status === 200)).toHaveLength(4)
    expect(statuses.filter(status => status === 429)).toHaveLength(16)
  })

  test('is shared by the members of an organization: websites, plan and calls', async () => {
    const [reader, mate] = [await readers.signUp('starter'), await server.signUp()]
    const { organizationId: organization_id } = reader
    const engine = await openEngine({ database: databaseUrl })
    // Longer a member than of the organization of their own: this one is their home.
    const row = { organization_id, id: `mate-${mate.id}`, user_id: mate.id, role: 'member' }
    await engine.db
      .insertInto('memberships')
      .values({ ...row, created_at: 0, updated_at: 0 })
      .execute()
    await engine.close()
    const token = await readers.makeToken(mate)
    beginMinute()
    const made = await readers.call(token, 'POST', '/websites', HOME)
    expect([made.status, limitsOf(made).slice(0, 2)]).toEqual([201, [5, 4]])
    const list = await readers.call(reader.token, 'GET', '/websites')
    expect([list.body.data, limitsOf(list)[1]]).toEqual([[made.body.data], 3])
  })

  test('counts calls that fail, but none of who is not let in', async () => {
    const { token } = await readers.signUp('starter')
    beginMinute()
    await readers.call(`${token}x`, 'GET', '/test')
    expect(limitsOf(await readers.call(token, 'POST', '/websites', {}))[1]).toBe(4)
    expect(limitsOf(await readers.call(token, 'GET', '/websites/77'))[1]).toBe(3)
    expect(limitsOf(await readers.call(token, 'POST', '/websites', '{'))[1]).toBe(2)
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
