import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import Stripe from 'stripe'
import type { StripeConfig } from '../../../config/config'
import { type LoopbackServer, listenOnLoopback, sendJson } from '../../social/testing/listen-on-loopback'
import type { StripeItem, StripeSubscription } from '../stripe/stripe-subscription'
import { formOf, type StripeForm } from './stripe-form'

const PERIOD_SECONDS = 30 * 24 * 3600

interface FakeSession {
  readonly id: string
  readonly object: 'checkout.session'
  readonly mode: string
  readonly customer: string
  readonly metadata: Record<string, string>
  readonly url: string
  readonly success_url: string
  readonly expires_at: number
  status: 'open' | 'complete' | 'expired'
  payment_status: 'paid' | 'unpaid'
  subscription: string | null
  readonly line_items: readonly { readonly price: string; readonly quantity: number }[]
  readonly subscriptionMetadata: Record<string, string>
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] }
export interface FakeSubscription extends Writable<Omit<StripeSubscription, 'items'>> {
  readonly object: 'subscription'
  readonly customer: string
  items: { data: Writable<StripeItem>[] }
}

export interface FakeStripe extends LoopbackServer {
  readonly config: StripeConfig
  readonly customers: Map<string, Record<string, unknown>>
  readonly sessions: Map<string, FakeSession>
  readonly subscriptions: Map<string, FakeSubscription>
  /** Bodies of all writes, in their order. */
  readonly writes: { readonly path: string; readonly body: StripeForm }[]
  /** Decides what a payment that a change takes comes to. */
  declines: boolean
  /** Seconds since 1970, by its own clock. */
  now: () => number
  /** What Stripe does once somebody has paid on its page. */
  pay(sessionId: string): FakeSession
  /** What it sends about an object: body and signature. */
  event(type: string, object: object, id?: string): { readonly body: string; readonly signature: string }
  sign(body: string, atSeconds?: number, secret?: string): string
}

const PRICES = {
  starter: { month: 'price_starterMonth', year: 'price_starterYear' },
  pro: { month: 'price_proMonth', year: 'price_proYear' },
  business: { month: 'price_businessMonth', year: 'price_businessYear' },
  slotPack: { month: 'price_slotPackMonth', year: 'price_slotPackYear' },
  credit: 'price_credit',
} as const

/**
 * A fake of the part of Stripe's API that is used, after its documentation (https://docs.stripe.com/api): Stripe itself is
 * never called by a test. Like the real one it wants the secret key, answers the same Idempotency-Key with the same
 * answer, and keeps what it was told. It works out no prices and sends no events by itself.
 */
export const startFakeStripe = async (): Promise<FakeStripe> => {
  const secretKey = 'sk_test_notARealKeyButOneToLookFor'
  const webhookSecret = 'whsec_notARealSecretButOneToLookFor'
  const { webhooks } = new Stripe(secretKey)
  const answers = new Map<string, unknown>()
  let counter = 0
  const newId = (prefix: string) => `${prefix}_${String(++counter).padStart(6, '0')}`

  const fail = (response: ServerResponse, status: number, error: Record<string, string>) =>
    sendJson(response, { error: { type: 'invalid_request_error', ...error } }, status)

  const createSession = (body: StripeForm): FakeSession => {
    const id = newId('cs_test')
    const session: FakeSession = {
      id,
      object: 'checkout.session',
      mode: body.mode,
      customer: body.customer,
      metadata: body.metadata,
      url: `https://checkout.stripe.example/c/pay/${id}`,
      success_url: body.success_url,
      expires_at: fake.now() + 24 * 3600,
      status: 'open',
      payment_status: 'unpaid',
      subscription: null,
      line_items: body.line_items.map((item: Record<string, string>) => ({
        price: item.price,
        quantity: Number(item.quantity),
      })),
      subscriptionMetadata: body.subscription_data?.metadata ?? {},
    }
    fake.sessions.set(id, session)
    return session
  }

  const newItem = (price: string, quantity: number) => ({
    id: newId('si'),
    price: { id: price },
    quantity,
    current_period_start: fake.now(),
    current_period_end: fake.now() + PERIOD_SECONDS,
  })

  const changeItem = (subscription: FakeSubscription, change: Record<string, string>): void => {
    const { data } = subscription.items
    const item = data.find(({ id }) => id === change.id)
    if (change.deleted === 'true') subscription.items.data = data.filter(each => each !== item)
    else if (item) {
      item.price = { id: change.price ?? item.price.id }
      item.quantity = Number(change.quantity)
    } else data.push(newItem(change.price ?? '', Number(change.quantity)))
  }

  const updateSubscription = (subscription: FakeSubscription, body: StripeForm): void => {
    for (const change of body.items ?? []) changeItem(subscription, change)
    Object.assign(subscription.metadata, body.metadata)
    if (body.cancel_at_period_end !== undefined)
      subscription.cancel_at_period_end = body.cancel_at_period_end === 'true'
    if (body.cancel_at === '') subscription.cancel_at = null
  }

  const write = (path: string, body: StripeForm, response: ServerResponse): unknown => {
    const [, , kind, id = '', verb] = path.split('/')
    if (kind === 'customers') {
      const customerId = id || newId('cus')
      fake.customers.set(customerId, { ...fake.customers.get(customerId), ...body })
      return { id: customerId, object: 'customer' }
    }
    if (path === '/v1/checkout/sessions') return createSession(body)
    if (kind === 'checkout' && path.endsWith('/expire')) {
      const session = fake.sessions.get(verb ?? '')
      if (session?.status !== 'open') return fail(response, 400, { message: 'Only open sessions expire' })
      session.status = 'expired'
      return session
    }
    if (kind === 'billing_portal') {
      const sessionId = newId('bps')
      return { id: sessionId, url: `https://billing.stripe.example/p/session/${sessionId}` }
    }
    const subscription = fake.subscriptions.get(id)
    if (kind !== 'subscriptions' || !subscription) return fail(response, 404, { code: 'resource_missing' })
    if (fake.declines && body.items) {
      return fail(response, 402, {
        type: 'card_error',
        code: 'card_declined',
        message: 'Your card was declined',
      })
    }
    updateSubscription(subscription, body)
    return subscription
  }

  const read = (url: URL): unknown => {
    const [, , kind, id = '', session = ''] = url.pathname.split('/')
    if (kind === 'checkout') return fake.sessions.get(session)
    if (id) return fake.subscriptions.get(id)
    const customer = url.searchParams.get('customer')
    const data = [...fake.subscriptions.values()].filter(each => each.customer === customer).reverse()
    return { object: 'list', data, has_more: false, url: url.pathname }
  }

  const answerWrite = async (request: IncomingMessage, url: URL, response: ServerResponse) => {
    const body = formOf(await text(request))
    const key = request.headers['idempotency-key']
    const known = typeof key === 'string' ? answers.get(key) : undefined
    if (known) return sendJson(response, known)
    fake.writes.push({ path: url.pathname, body })
    const answer = write(url.pathname, body, response)
    if (response.writableEnded) return true
    if (typeof key === 'string') answers.set(key, structuredClone(answer))
    return sendJson(response, answer)
  }

  const answer: RequestListener = async (request, response) => {
    const url = new URL(request.url ?? '', fake.url)
    if (request.headers.authorization !== `Bearer ${secretKey}`)
      return void fail(response, 401, {
        message: `Invalid API Key provided: ${request.headers.authorization}`,
      })
    if (request.method === 'POST') return void (await answerWrite(request, url, response))
    const found = read(url)
    if (request.method === 'DELETE' && found) (found as FakeSubscription).status = 'canceled'
    if (request.method === 'DELETE') fake.writes.push({ path: url.pathname, body: {} })
    return void (found ? sendJson(response, found) : fail(response, 404, { code: 'resource_missing' }))
  }

  const loopback = await listenOnLoopback(() => answer)
  const fake: FakeStripe = Object.assign(loopback, {
    config: { secretKey, webhookSecret, prices: PRICES, apiUrl: loopback.url },
    customers: new Map(),
    sessions: new Map(),
    subscriptions: new Map(),
    writes: [],
    declines: false,
    now: () => Math.floor(Date.now() / 1000),
    pay: (sessionId: string) => {
      const session = fake.sessions.get(sessionId)
      if (session?.status !== 'open') throw new Error(`${sessionId} cannot be paid`)
      Object.assign(session, { status: 'complete', payment_status: 'paid' })
      if (session.mode !== 'subscription') return session
      const id = newId('sub')
      fake.subscriptions.set(id, {
        id,
        object: 'subscription',
        customer: session.customer,
        status: 'active',
        created: fake.now(),
        cancel_at_period_end: false,
        cancel_at: null,
        metadata: { ...session.subscriptionMetadata },
        items: { data: session.line_items.map(({ price, quantity }) => newItem(price, quantity)) },
      })
      session.subscription = id
      return session
    },
    event: (type: string, object: object, id = newId('evt')) => {
      const body = JSON.stringify({ id, object: 'event', type, created: fake.now(), data: { object } })
      return { body, signature: fake.sign(body) }
    },
    sign: (payload: string, timestamp = fake.now(), secret = webhookSecret) =>
      webhooks.generateTestHeaderString({ payload, secret, timestamp }),
  })
  return fake
}
