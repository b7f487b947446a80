import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type FakeStripe, startFakeStripe } from '../src/domain/payments/testing/fake-stripe'
import { startTestServer, type TestServer, type TestUser } from '../src/testing/start-test-server'

const PLAN = { tierId: 'starter', interval: 'year', seatCount: 2, successUrl: '/done', cancelUrl: '/' }
const MIB = 1024 * 1024

describe('a server with Stripe', () => {
  let stripe: FakeStripe
  let server: TestServer
  let user: TestUser
  beforeAll(async () => {
    stripe = await startFakeStripe()
    server = await startTestServer({ defaultPlan: 'free', stripe: stripe.config })
    stripe.now = () => Math.floor(server.now() / 1000)
    server.secrets.add(stripe.config.secretKey)
    server.secrets.add(stripe.config.webhookSecret)
  })
  afterAll(async () => {
    await server.stop()
    await stripe.stop()
  })
  beforeEach(async () => {
    stripe.intercept = () => false
    user = await server.signUp()
  })
  const payments = (method: string, path: string, body?: unknown) =>
    server.call(method, `/api/user/organizations/${user.organizationId}/payments${path}`, {
      cookie: user.cookie,
      ...(body !== undefined && { body }),
    })
  const webhook = (body: string, signature?: string) =>
    server.call('POST', '/api/webhooks/stripe', {
      body,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(signature !== undefined && { 'stripe-signature': signature }),
      },
    })

  test('sells a plan, hears of it, changes it and leads to the portal', async () => {
    const { sessionId, url } = (await payments('POST', '/checkout', PLAN)).body.data
    expect(url).toMatch(/^https:\/\/checkout\.stripe\.example\//)
    const { body, signature } = stripe.event('checkout.session.completed', stripe.pay(sessionId))
    const answers = await Promise.all(Array.from({ length: 3 }, () => webhook(body, signature)))
    expect(answers.some(({ status }) => status === 200)).toBe(true)
    const last = await webhook(body, signature)
    expect([last.status, last.body]).toEqual([200, { received: true }])
    const changed = await payments('PATCH', '/subscription', { seatCount: 4 })
    expect(changed.body.data).toMatchObject({
      plan: 'starter',
      status: 'active',
      seatCount: 4,
      provider: 'stripe',
    })
    const portal = await payments('GET', '/portal')
    expect(portal.body.data.url).toMatch(/^https:\/\/billing\.stripe\.example\//)
  })

  test('takes a message only as it was signed, byte by byte', async () => {
    const body =
      '{ "id": "evt_größe",\n\t"type": "charge.refunded", "data": { "object": { "a": "\u2028" } } }\r\n'
    expect((await webhook(body, stripe.sign(body))).status).toBe(200)
    for (const [sent, signature] of [
      [body, undefined],
      [body, 'nonsense'],
      [body.trim(), stripe.sign(body)],
      [JSON.stringify(JSON.parse(body)), stripe.sign(body)],
      [body, stripe.sign(body, stripe.now() - 400)],
      [body, stripe.sign(body, stripe.now(), 'whsec_another')],
      ['', undefined],
    ] as const) {
      const answer = await webhook(sent, signature)
      expect([answer.status, answer.body.code]).toEqual([400, 'VALIDATION_ERROR'])
    }
  })

  test('reads a mebibyte and no more', async () => {
    const bodyOf = (size: number) => {
      const body = JSON.stringify({ id: 'evt_large', type: 'x', data: { object: {} }, fill: '' })
      return body.replace('"fill":""', `"fill":"${'x'.repeat(size - body.length)}"`)
    }
    const largest = bodyOf(MIB)
    expect((await webhook(largest, stripe.sign(largest))).status).toBe(200)
    const larger = bodyOf(MIB + 1)
    const refused = await webhook(larger, stripe.sign(larger))
    expect([refused.status, refused.body.code]).toEqual([400, 'BODY_TOO_LARGE'])
  })

  test('asks to be told again while Stripe is away, and says so to who pays', async () => {
    const { sessionId } = (await payments('POST', '/checkout', PLAN)).body.data
    const { body, signature } = stripe.event('checkout.session.completed', stripe.pay(sessionId))
    stripe.intercept = (_request, response) => {
      response.writeHead(500, { 'stripe-should-retry': 'false' }).end('{"error":{"message":"away"}}')
      return true
    }
    const refused = [await webhook(body, signature), await payments('POST', '/verify', { sessionId })]
    for (const { status, body, headers } of refused) {
      expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'SERVICE_UNAVAILABLE', '5'])
      expect(JSON.stringify(body)).not.toContain('away')
    }
    expect(server.log()).toContain('Stripe: StripeAPIError')
    stripe.intercept = () => false
    expect((await webhook(body, signature)).status).toBe(200)
    expect((await payments('GET', '/subscription')).body.data.plan).toBe('starter')
  })

  test('has no sandbox, and does not say that no money is taken', async () => {
    for (const path of ['/sandbox/checkout', '/sandbox/portal', '/api/sandbox/checkouts/cs_sandbox_1'])
      expect((await server.call('GET', path)).status).toBe(404)
    const pay = await server.call('POST', '/api/sandbox/checkouts/cs_1/pay', { body: { card: 'pays' } })
    expect(pay.status).toBe(404)
    expect(server.log()).not.toContain('payments.sandbox')
  })
})
