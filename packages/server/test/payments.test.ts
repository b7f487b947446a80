import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openEngine } from '../src/storage/open-engine'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import {
  startTestServer,
  type TestAnswer,
  type TestCall,
  type TestServer,
  type TestUser,
} from '../src/testing/start-test-server'

const MONTH = 31 * 24 * 3_600_000
const URLS = { successUrl: '/done', cancelUrl: '/billing' }
const PLAN = { tierId: 'pro', interval: 'month', seatCount: 5, ...URLS }
const codeOf = ({ status, body }: TestAnswer) => `${status} ${body.code}`

describeOnEachDatabase('payments in the sandbox', createDatabase => {
  let server: TestServer
  let databaseUrl: string
  let user: TestUser
  beforeAll(async () => {
    databaseUrl = await createDatabase()
    server = await startTestServer({ databaseUrl, defaultPlan: 'free' })
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    user = await server.signUp()
  })
  const call = (method: string, path: string, body?: unknown, more: TestCall = {}) =>
    server.call(method, `/api/user/organizations/${user.organizationId}${path}`, {
      cookie: user.cookie,
      ...(body !== undefined && { body }),
      ...more,
    })
  const checkout = async (body: object = PLAN): Promise<string> =>
    (await call('POST', '/payments/checkout', body)).body.data.sessionId
  const sandbox = (method: string, path: string, body?: unknown, more: TestCall = {}) =>
    server.call(method, `/api/sandbox${path}`, { ...(body !== undefined && { body }), ...more })
  const pay = (sessionId: string, card = 'pays', more: TestCall = {}) =>
    sandbox('POST', `/checkouts/${sessionId}/pay`, { card }, more)

  test('buy a plan, change it, and end it', async () => {
    expect((await call('GET', '/payments/subscription')).body.data).toEqual({
      plan: 'free',
      status: 'none',
      tierId: null,
      interval: null,
      seatCount: null,
      slotPacks: null,
      currentPeriodStart: null,
      currentPeriodEnd: null,
      cancelAtPeriodEnd: false,
      provider: 'sandbox',
    })
    const begun = await call('POST', '/payments/checkout', PLAN)
    const { sessionId, url } = begun.body.data
    expect([begun.status, url]).toEqual([201, `${server.url}/sandbox/checkout#${sessionId}`])
    expect((await server.call('GET', '/sandbox/checkout')).status).toBe(200)
    const shown = await sandbox('GET', `/checkouts/${sessionId}`)
    expect(shown.body.data).toEqual({
      organizationName: expect.any(String),
      kind: 'subscription',
      tierId: 'pro',
      interval: 'month',
      seatCount: 5,
      slotPacks: 0,
      credits: null,
      amount: 9_500,
      currency: 'usd',
      status: 'open',
      successUrl: `${server.url}/done?session_id=${sessionId}`,
      cancelUrl: `${server.url}/billing`,
    })
    expect(codeOf(await pay(sessionId, 'declined'))).toBe('409 CONFLICT')
    expect((await pay(sessionId)).body.data).toEqual({
      status: 'complete',
      url: `${server.url}/done?session_id=${sessionId}`,
    })
    const verified = await call('POST', '/payments/verify', { sessionId })
    expect(verified.body.data).toMatchObject({
      sessionId,
      status: 'complete',
      subscription: { plan: 'pro', status: 'active', seatCount: 5, currentPeriodEnd: expect.any(String) },
    })
    const changed = await call('PATCH', '/payments/subscription', { seatCount: 7, cancelAtPeriodEnd: true })
    expect(changed.body.data).toMatchObject({ plan: 'pro', seatCount: 7, cancelAtPeriodEnd: true })
    const usage = await call('GET', '/payments/subscription/usage')
    expect(usage.body.data).toEqual({
      plan: 'pro',
      seats: { used: 1, limit: 7 },
      projects: { used: 0, limit: 100 },
      websites: { used: 0, limit: 25 },
      apiAccess: true,
      requestsPerMinute: 20,
      credits: { balance: 0 },
    })
    server.advance(MONTH)
    const { key } = await server.createKey(await relogin())
    const ended = await call('GET', '/payments/subscription', undefined, { cookie: undefined, key })
    expect(ended.body.data).toMatchObject({ plan: 'free', status: 'canceled', tierId: 'pro' })
  })

  const relogin = async () => {
    const { email, password } = user
    const { cookie } = await server.call('POST', '/api/auth/sign-in/email', { body: { email, password } })
    return { cookie: cookie ?? '' }
  }

  test('add credits, and show who pays how in a portal', async () => {
    const credits = await call('POST', '/payments/credits/checkout', { credits: 40, ...URLS })
    const { sessionId } = credits.body.data
    expect((await sandbox('GET', `/checkouts/${sessionId}`)).body.data).toMatchObject({
      kind: 'credits',
      tierId: null,
      credits: 40,
      amount: 40,
    })
    await pay(sessionId)
    expect((await call('GET', '/payments/subscription/usage')).body.data.credits).toEqual({ balance: 40 })
    expect(codeOf(await call('GET', '/payments/portal'))).toBe('409 CONFLICT')
    await pay(await checkout(), 'pays-once')
    const { url } = (await call('GET', '/payments/portal')).body.data
    const [page, id] = url.split('#')
    expect(page).toBe(`${server.url}/sandbox/portal`)
    expect((await server.call('GET', '/sandbox/portal')).status).toBe(200)
    expect((await sandbox('GET', `/portals/${id}`)).body.data).toEqual({
      organizationName: expect.any(String),
      status: 'active',
      tierId: 'pro',
      interval: 'month',
      seatCount: 5,
      slotPacks: 0,
      amount: 9_500,
      currency: 'usd',
      currentPeriodEnd: expect.stringMatching(/Z$/),
      cancelAtPeriodEnd: false,
      card: 'pays-once',
      returnUrl: `${server.url}/payments/closed`,
    })
    const changed = await sandbox('POST', `/portals/${id}`, { card: 'pays', cancelAtPeriodEnd: true })
    expect(changed.body.data).toMatchObject({ card: 'pays', cancelAtPeriodEnd: true })
    expect((await call('GET', '/payments/subscription')).body.data.cancelAtPeriodEnd).toBe(true)
  })

  test('ask what the server worked out, whatever the body says of prices', async () => {
    const forged = { amount: 1, price: 0, unitAmount: 0, currency: 'xxx', status: 'complete', credits: 9 }
    const sessionId = await checkout({ ...PLAN, ...forged, organizationId: 'other', plan: 'free' })
    const shown = (await sandbox('GET', `/checkouts/${sessionId}`)).body.data
    expect(shown).toMatchObject({ amount: 9_500, currency: 'usd', status: 'open', credits: null })
    const paid = await sandbox('POST', `/checkouts/${sessionId}/pay`, { card: 'pays', tierId: 'business' })
    expect(paid.status).toBe(200)
    expect((await call('GET', '/payments/subscription')).body.data).toMatchObject({
      tierId: 'pro',
      seatCount: 5,
    })
  })

  test('refuse amounts and addresses that cannot be, and name the field', async () => {
    for (const [path, body, field] of [
      ['/payments/checkout', { ...PLAN, seatCount: 0 }, 'seatCount'],
      ['/payments/checkout', { ...PLAN, seatCount: -5 }, 'seatCount'],
      ['/payments/checkout', { ...PLAN, seatCount: 1e9 }, 'seatCount'],
      ['/payments/checkout', { ...PLAN, seatCount: 1.5 }, 'seatCount'],
      ['/payments/checkout', { ...PLAN, seatCount: '5' }, 'seatCount'],
      ['/payments/checkout', { ...PLAN, slotPacks: -1 }, 'slotPacks'],
      ['/payments/checkout', { ...PLAN, slotPacks: 101 }, 'slotPacks'],
      ['/payments/checkout', { ...PLAN, tierId: 'free' }, 'tierId'],
      ['/payments/checkout', { ...PLAN, interval: 'day' }, 'interval'],
      ['/payments/checkout', { ...PLAN, successUrl: 'https://evil.example' }, 'successUrl'],
      ['/payments/checkout', { ...PLAN, cancelUrl: 'javascript:alert(1)' }, 'cancelUrl'],
      ['/payments/credits/checkout', { credits: -1, ...URLS }, 'credits'],
      ['/payments/credits/checkout', { credits: 0, ...URLS }, 'credits'],
      ['/payments/credits/checkout', { credits: 1_000_001, ...URLS }, 'credits'],
      ['/payments/credits/checkout', { credits: Number.MAX_VALUE, ...URLS }, 'credits'],
      ['/payments/credits/checkout', { credits: 1, ...URLS, successUrl: '//evil.example' }, 'successUrl'],
      ['/payments/verify', { sessionId: "' or 1=1" }, 'sessionId'],
    ] as const) {
      const answer = await call('POST', path, body)
      expect(codeOf(answer)).toBe('400 VALIDATION_ERROR')
      expect(answer.body.meta.errors[0].field).toBe(field)
    }
  })

  test('make one checkout of one request that is sent again with its Idempotency-Key', async () => {
    const send = () =>
      call('POST', '/payments/checkout', PLAN, { headers: { 'Idempotency-Key': 'buy-the-plan' } })
    const first = await send()
    const again = await send()
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
  })

  test('are for owners and admins: a member may look, but not pay', async () => {
    const member = await server.signUp()
    const engine = await openEngine({ database: databaseUrl })
    const ids = { organization_id: user.organizationId, id: `member-${member.id}`, user_id: member.id }
    const rest = { role: 'member', created_at: 0, updated_at: 0 }
    await engine.db
      .insertInto('memberships')
      .values({ ...ids, ...rest })
      .execute()
    await engine.close()
    const as = { cookie: member.cookie }
    const sessionId = await checkout()
    for (const [method, path, body] of [
      ['POST', '/payments/checkout', PLAN],
      ['POST', '/payments/credits/checkout', { credits: 1, ...URLS }],
      ['POST', '/payments/verify', { sessionId }],
      ['PATCH', '/payments/subscription', { seatCount: 9 }],
      ['GET', '/payments/portal', undefined],
      ['GET', '/settings/billing', undefined],
      ['PUT', '/settings/billing', { email: 'me@example.com' }],
    ] as const) {
      const answer = await call(method, path, body, as)
      expect(codeOf(answer)).toBe('403 INSUFFICIENT_PERMISSIONS')
      expect(answer.body.meta.missing).toEqual(['organization:manage-billing'])
    }
    expect((await call('GET', '/payments/subscription', undefined, as)).status).toBe(200)
    expect((await call('GET', '/payments/subscription/usage', undefined, as)).status).toBe(200)
  })

  test("refuse a page of a foreign origin, and other tenants' checkouts", async () => {
    const sessionId = await checkout()
    const foreign = { headers: { origin: 'https://evil.example' } }
    expect(codeOf(await pay(sessionId, 'pays', foreign))).toBe('403 ORIGIN_NOT_ALLOWED')
    user = await server.signUp()
    expect(codeOf(await call('POST', '/payments/verify', { sessionId }))).toBe('404 NOT_FOUND')
    expect((await sandbox('GET', `/checkouts/${sessionId}`)).body.data.status).toBe('open')
  })

  test('are billed to what is set', async () => {
    const empty = (await call('GET', '/settings/billing')).body.data
    expect(new Set(Object.values(empty))).toEqual(new Set([null]))
    const set = await call('PUT', '/settings/billing', { email: 'Bills@Example.com', country: 'GB' })
    expect(set.body.data).toEqual({
      ...empty,
      email: 'bills@example.com',
      country: 'GB',
      updatedAt: expect.stringMatching(/Z$/),
    })
    expect((await call('GET', '/settings/billing')).body.data).toEqual(set.body.data)
    const wrong = await call('PUT', '/settings/billing', { country: 'Britain', email: 'nobody' })
    expect(codeOf(wrong)).toBe('400 VALIDATION_ERROR')
  })

  test('leave a checkout unpaid whose page was left, and have no webhook', async () => {
    const sessionId = await checkout()
    const left = await sandbox('POST', `/checkouts/${sessionId}/cancel`)
    expect(left.body.data).toEqual({ url: `${server.url}/billing` })
    expect(codeOf(await pay(sessionId))).toBe('409 CONFLICT')
    expect(codeOf(await server.call('POST', '/api/webhooks/stripe', { body: {} }))).toBe('404 NOT_FOUND')
  })
})

describe('a server without Stripe', () => {
  test.each([
    ['production', 1],
    ['development', 0],
  ] as const)('says in %s %i times that no money is taken', async (mode, times) => {
    const server = await startTestServer({ mode })
    const lines = server.log().split('\n')
    await server.stop()
    expect(lines.filter(line => line.includes('"event":"payments.sandbox"'))).toHaveLength(times)
  })
})
