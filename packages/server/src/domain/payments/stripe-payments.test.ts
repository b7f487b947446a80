import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { DomainContext } from '../domain-context'
import { endSubscription } from './end-subscription'
import { getSubscription } from './get-subscription'
import { receivePaymentEvent } from './receive-payment-event'
import { paySandboxCheckout } from './sandbox/sandbox-checkout'
import { createStripeProvider } from './stripe-provider'
import { type FakeStripe, type FakeSubscription, startFakeStripe } from './testing/fake-stripe'
import { createPaymentKit, DAY, type PaymentKit } from './testing/payment-kit'
import { updateBillingSettings } from './update-billing-settings'

const CONFLICT = { code: 'CONFLICT' }
const UNAVAILABLE = { code: 'SERVICE_UNAVAILABLE' }

describeOnEachEngine('payments by Stripe', open => {
  let domain: TestDomain
  let context: DomainContext
  let stripe: FakeStripe
  let kit: PaymentKit
  beforeAll(async () => {
    stripe = await startFakeStripe()
    domain = createTestDomain(await open(), { defaultPlan: 'free' })
    stripe.now = () => Math.floor(domain.now() / 1000)
    context = { ...domain.context, payments: createStripeProvider(stripe.config, domain.context.logger) }
  })
  afterAll(() => stripe.stop())
  beforeEach(async () => {
    stripe.intercept = () => false
    stripe.declines = false
    stripe.writes.length = 0
    kit = await createPaymentKit(domain, context)
  })

  const receive = ({ body, signature }: ReturnType<FakeStripe['event']>) =>
    receivePaymentEvent(context, body, signature)
  /** Buys the starter plan, as Stripe would tell of it. */
  const subscribe = async (): Promise<FakeSubscription> => {
    const session = stripe.pay(await kit.checkout())
    await receive(stripe.event('checkout.session.completed', session))
    return stripe.subscriptions.get(session.subscription ?? '')!
  }
  const credits = async () => (await kit.usage()).creditBalance
  const isNoted = (id: string) => domain.storage.paymentEvents.exists(id)
  /** Stripe is away, and says not to try again. */
  const away = () => {
    stripe.intercept = (_request, response) => {
      response.writeHead(500, { 'stripe-should-retry': 'false', 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: { type: 'api_error', message: 'away' } }))
      return true
    }
  }

  it('ask for the prices of the setting and no other amount, and say whose they are', async () => {
    const sessionId = await kit.checkout({ tierId: 'pro', interval: 'year', seatCount: 7, slotPacks: 2 })
    const { mode, metadata, subscriptionMetadata, line_items, success_url } = stripe.sessions.get(sessionId)!
    const { organizationId } = kit
    expect({ mode, metadata, line_items, success_url }).toEqual({
      mode: 'subscription',
      metadata: { organizationId },
      line_items: [
        { price: 'price_proYear', quantity: 7 },
        { price: 'price_slotPackYear', quantity: 2 },
      ],
      success_url: 'https://app.example.com/done?from=snoop&session_id={CHECKOUT_SESSION_ID}',
    })
    expect(subscriptionMetadata).toMatchObject({ organizationId, tierId: 'pro', interval: 'year' })
    const bought = stripe.sessions.get(await kit.buyCredits(500))!
    expect(bought).toMatchObject({ mode: 'payment', line_items: [{ price: 'price_credit', quantity: 500 }] })
    expect(stripe.customers.get(bought.customer)).toMatchObject({ metadata: { organizationId } })
  })

  it('are made by one customer of an organization, also when ten checkouts begin at once', async () => {
    const sessions = await Promise.all(Array.from({ length: 10 }, () => kit.checkout()))
    const customers = new Set(sessions.map(id => stripe.sessions.get(id)?.customer))
    expect(customers.size).toBe(1)
    expect(new Set(sessions).size).toBe(10)
  })

  it('make one checkout of one request, however often it is sent', async () => {
    const order = { kind: 'credits', credits: 5 } as const
    const urls = { successUrl: 'https://a.example/', cancelUrl: 'https://a.example/' }
    const request = {
      organizationId: kit.organizationId,
      order,
      ...urls,
      customerId: 'cus_1',
      repeatKey: 'k',
    }
    const opened = await Promise.all([1, 2].map(() => context.payments.createCheckout(request)))
    expect(opened[0]).toEqual(opened[1])
  })

  it('count a plan once Stripe says that it is paid: by an event, or when it is asked', async () => {
    const sessionId = await kit.checkout({ seatCount: 4, slotPacks: 1 })
    expect(await kit.verify(sessionId)).toMatchObject({ status: 'open' })
    expect(await kit.standing()).toBe('none free')
    const session = stripe.pay(sessionId)
    session.payment_status = 'unpaid'
    expect(await kit.verify(sessionId)).toMatchObject({ status: 'open' })
    session.payment_status = 'paid'
    const { status, overview } = await kit.verify(sessionId)
    expect({ status, provider: overview.provider }).toEqual({ status: 'complete', provider: 'stripe' })
    expect(overview.plan).toMatchObject({ id: 'starter', seats: 4, projects: 30 })
    await receive(stripe.event('checkout.session.completed', session))
    expect(await kit.acts()).toEqual(['checkout.started session', 'subscription.started system'])
  })

  it('tell of a checkout that has expired', async () => {
    const sessionId = await kit.checkout()
    stripe.sessions.get(sessionId)!.status = 'expired'
    expect(await kit.verify(sessionId)).toMatchObject({ status: 'expired' })
  })

  describe('events', () => {
    it('delivered ten times at once, beside who verifies, count once', async () => {
      const sessionId = await kit.buyCredits(100)
      const event = stripe.event('checkout.session.completed', stripe.pay(sessionId))
      await Promise.all([
        ...Array.from({ length: 10 }, () => receive(event)),
        ...Array.from({ length: 5 }, () => kit.verify(sessionId)),
      ])
      await receive(event)
      await receive(stripe.event('checkout.session.async_payment_succeeded', stripe.sessions.get(sessionId)!))
      expect(await credits()).toBe(100)
      expect((await kit.acts()).filter(act => act.startsWith('credits'))).toEqual([
        'credits.purchased system',
      ])
    })

    it('of a subscription delivered ten times at once begin it once', async () => {
      const session = stripe.pay(await kit.checkout())
      const event = stripe.event('checkout.session.completed', session)
      const results = await Promise.allSettled(Array.from({ length: 10 }, () => receive(event)))
      // Who gave way to the others is asked to send it again.
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason).toMatchObject(UNAVAILABLE)
      await receive(event)
      expect(await kit.standing()).toBe('active starter')
      expect((await kit.acts()).slice(1)).toEqual(['subscription.started system'])
    })

    it('in any order end in what Stripe has', async () => {
      const subscription = await subscribe()
      const created = stripe.event('customer.subscription.created', { ...subscription, status: 'incomplete' })
      subscription.items.data[0]!.quantity = 9
      const more = stripe.event('customer.subscription.updated', structuredClone(subscription))
      subscription.status = 'past_due'
      const failed = stripe.event('invoice.payment_failed', {
        customer: subscription.customer,
        parent: { subscription_details: { metadata: subscription.metadata } },
      })
      await receive(failed)
      expect(await kit.standing()).toBe('past_due starter')
      await receive(more)
      await receive(created)
      expect(await kit.standing()).toBe('past_due starter')
      expect((await kit.usage()).plan.seats).toBe(9)
      subscription.status = 'canceled'
      await receive(stripe.event('customer.subscription.deleted', subscription))
      await receive(stripe.event('customer.subscription.updated', { ...subscription, status: 'active' }))
      expect(await kit.standing()).toBe('canceled free')
      expect((await kit.acts()).slice(2)).toEqual([
        'subscription.updated system',
        'subscription.ended system',
      ])
    })

    it('that wait for a late answer do not undo a newer one', async () => {
      const subscription = await subscribe()
      let release = () => {}
      const held = new Promise<void>(isHeld => {
        stripe.intercept = (_request, response) => {
          const data = [structuredClone(subscription)]
          release = () => {
            response.setHeader('content-type', 'application/json')
            response.end(JSON.stringify({ object: 'list', data, has_more: false, url: '/v1/subscriptions' }))
          }
          stripe.intercept = () => false
          isHeld()
          return true
        }
      })
      subscription.items.data[0]!.quantity = 9
      const early = receive(stripe.event('customer.subscription.updated', subscription))
      await held
      subscription.status = 'canceled'
      await receive(stripe.event('customer.subscription.deleted', subscription))
      expect(await kit.standing()).toBe('canceled free')
      release()
      await early
      expect(await kit.standing()).toBe('canceled free')
      expect((await kit.acts()).slice(2)).toEqual(['subscription.ended system'])
    })

    it('are not taken while Stripe cannot be asked, so that it sends them again', async () => {
      const subscription = await subscribe()
      subscription.status = 'past_due'
      const event = stripe.event('customer.subscription.updated', subscription, `evt_${kit.organizationId}`)
      away()
      await expect(receive(event)).rejects.toMatchObject(UNAVAILABLE)
      expect(await isNoted(`evt_${kit.organizationId}`)).toBe(false)
      stripe.intercept = () => false
      await receive(event)
      expect(await isNoted(`evt_${kit.organizationId}`)).toBe(true)
      expect(await kit.standing()).toBe('past_due starter')
    })

    it('of other kinds, or about nobody here, are noted and change nothing', async () => {
      const subscription = await subscribe()
      const asked = stripe.requests.length
      const nobody = { ...subscription, metadata: { organizationId: 'nobody' } }
      const foreign = { ...subscription, customer: 'cus_foreign' }
      const events = [
        ['charge.refunded', subscription],
        ['customer.subscription.updated', nobody],
        ['customer.subscription.deleted', foreign],
        ['checkout.session.completed', { ...nobody, id: 'cs_unknown' }],
        ['customer.subscription.updated', {}],
        ['invoice.paid', { customer: subscription.customer, parent: null }],
        ['constructor', subscription],
      ] as const
      for (const [index, [type, object]] of events.entries()) {
        const id = `evt_ignored_${kit.organizationId}_${index}`
        await receive(stripe.event(type, object, id))
        expect(await isNoted(id)).toBe(true)
      }
      expect(stripe.requests.length).toBe(asked)
      expect(await kit.standing()).toBe('active starter')
    })

    it('that are forged, changed, unsigned or five minutes old are refused', async () => {
      const { body, signature } = stripe.event('charge.refunded', {}, `evt_forged_${kit.organizationId}`)
      const now = stripe.now()
      for (const [sent, signed] of [
        [body, undefined],
        [body, ''],
        [body, 't=1,v1=00'],
        [body, signature.replace(/v1=/, 'v0=')],
        [body, stripe.sign(body, now, 'whsec_another')],
        [body, stripe.sign(body, now - 301)],
        [`${body} `, signature],
        ['', signature],
        ['', stripe.sign('', now)],
        ['no JSON', stripe.sign('no JSON', now)],
      ] as const) {
        await expect(receivePaymentEvent(context, sent, signed)).rejects.toMatchObject({
          code: 'VALIDATION_ERROR',
        })
      }
      expect(await isNoted(`evt_forged_${kit.organizationId}`)).toBe(false)
      await receivePaymentEvent(context, body, signature)
    })
  })

  describe('of a plan that is changed', () => {
    it('are settled at once, by the lines that are there already', async () => {
      const subscription = await subscribe()
      const [line] = subscription.items.data
      await kit.change({ tierId: 'pro', seatCount: 5, slotPacks: 3 })
      expect(stripe.writes.at(-1)?.body).toMatchObject({
        items: [
          { id: line?.id, price: 'price_proMonth', quantity: '5' },
          { price: 'price_slotPackMonth', quantity: '3' },
        ],
        proration_behavior: 'always_invoice',
        payment_behavior: 'error_if_incomplete',
      })
      const slotLine = subscription.items.data[1]?.id
      await kit.change({ interval: 'year', slotPacks: 1 })
      expect(stripe.writes.at(-1)?.body.items).toEqual([
        { id: line?.id, price: 'price_proYear', quantity: '5' },
        { id: slotLine, price: 'price_slotPackYear', quantity: '1' },
      ])
      const { plan } = await kit.change({ slotPacks: 0 })
      expect(stripe.writes.at(-1)?.body.items).toContainEqual({ id: slotLine, deleted: 'true' })
      expect(plan).toMatchObject({ id: 'pro', seats: 5, projects: 100 })
      expect((await kit.acts()).slice(2)).toEqual(Array(3).fill('subscription.updated session'))
    })

    it('change nothing if they are declined', async () => {
      await subscribe()
      stripe.declines = true
      await expect(kit.change({ seatCount: 8 })).rejects.toMatchObject(CONFLICT)
      expect((await kit.usage()).plan.seats).toBe(3)
      expect(await kit.acts()).toHaveLength(2)
    })

    it('end with the period and go on again, whichever way Stripe keeps that', async () => {
      const subscription = await subscribe()
      await kit.change({ cancelAtPeriodEnd: true })
      expect(subscription.cancel_at_period_end).toBe(true)
      await kit.change({ cancelAtPeriodEnd: false })
      expect(subscription.cancel_at_period_end).toBe(false)
      subscription.cancel_at = stripe.now() + 1000
      await receive(stripe.event('customer.subscription.updated', subscription))
      expect((await kit.verify(await kit.buyCredits(1))).overview.subscription).toMatchObject({
        cancel_at_period_end: 1,
      })
      await kit.change({ cancelAtPeriodEnd: false })
      expect(subscription.cancel_at).toBeNull()
    })

    it('are understood after the setting has got other prices', async () => {
      const subscription = await subscribe()
      const prices = { ...stripe.config.prices, starter: { month: 'price_new1', year: 'price_new2' } }
      const payments = createStripeProvider({ ...stripe.config, prices }, context.logger)
      const later = { ...context, payments }
      subscription.status = 'past_due'
      const event = stripe.event('customer.subscription.updated', subscription)
      await receivePaymentEvent(later, event.body, event.signature)
      expect(await kit.standing()).toBe('past_due starter')
      subscription.metadata = { organizationId: kit.organizationId }
      const unknown = stripe.event('customer.subscription.updated', subscription)
      await expect(receivePaymentEvent(later, unknown.body, unknown.signature)).rejects.toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
        cause: { message: expect.stringContaining('none of the prices') },
      })
    })

    it('never have more seats than the plan that Stripe has by now, however many it sells', async () => {
      const subscription = await subscribe()
      await kit.change({ tierId: 'pro', seatCount: 12 })
      const [line] = subscription.items.data
      Object.assign(line!, { price: { id: 'price_starterMonth' }, quantity: 5 })
      await expect(kit.change({ seatCount: 50 })).rejects.toMatchObject({
        code: 'CONFLICT',
        detail: { conflictField: 'seatCount' },
      })
      expect(line).toMatchObject({ price: { id: 'price_starterMonth' }, quantity: 5 })
      line!.quantity = 50
      await receive(stripe.event('customer.subscription.updated', subscription))
      expect((await kit.usage()).plan).toMatchObject({ id: 'starter', seats: 10 })
      await kit.change({ cancelAtPeriodEnd: true })
      expect(subscription.cancel_at_period_end).toBe(true)
    })

    it('are refused without a call if Stripe has ended it meanwhile', async () => {
      const subscription = await subscribe()
      subscription.status = 'canceled'
      stripe.writes.length = 0
      await expect(kit.change({ seatCount: 4 })).rejects.toMatchObject(CONFLICT)
      expect(stripe.writes).toEqual([])
      expect(await kit.standing()).toBe('canceled free')
    })
  })

  it('of two checkouts that both are paid keep the first plan, and end the second', async () => {
    const [first, second] = [await kit.checkout(), await kit.checkout({ tierId: 'pro' })]
    const sessions = [stripe.pay(first), stripe.pay(second)]
    await Promise.allSettled(
      sessions.map(session => receive(stripe.event('checkout.session.completed', session))),
    )
    for (const session of sessions) await receive(stripe.event('checkout.session.completed', session))
    expect(await kit.standing()).toBe('active starter')
    const statuses = sessions.map(({ subscription }) => stripe.subscriptions.get(subscription ?? '')?.status)
    expect(statuses).toEqual(['active', 'canceled'])
    expect(domain.logged).toContainEqual(expect.objectContaining({ event: 'payments.bought_twice' }))
  })

  it('are not begun while Stripe knows of a plan that we have not heard of', async () => {
    stripe.pay(await kit.checkout())
    await expect(kit.checkout()).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('change that subscription instead'),
    })
    expect(await kit.standing()).toBe('active starter')
  })

  it('that nothing is heard of for a week after their period end the plan', async () => {
    const subscription = await subscribe()
    const end = (subscription.items.data[0]?.current_period_end ?? 0) * 1000
    domain.advance(end + 7 * DAY - 1 - domain.now())
    expect(await kit.standing()).toBe('active starter')
    domain.advance(1)
    expect(await kit.standing()).toBe('canceled free')
    const [line] = subscription.items.data
    if (line) line.current_period_end += 60 * 24 * 3600
    await receive(
      stripe.event('invoice.paid', {
        customer: subscription.customer,
        parent: { subscription_details: { metadata: subscription.metadata } },
      }),
    )
    expect(await kit.standing()).toBe('active starter')
  })

  it('are billed to all of what is set at once, in whatever order Stripe hears of it', async () => {
    const customerId = stripe.sessions.get(await kit.buyCredits(1))!.customer
    const update = (change: object, by: DomainContext) =>
      updateBillingSettings(by, kit.actor, kit.organizationId, change)
    const { payments } = context
    // The first one is heard last, after the second one is done.
    let isFirst = true
    const late: DomainContext = {
      ...context,
      payments: {
        ...payments,
        updateCustomer: async (id, details) => {
          if (isFirst) {
            isFirst = false
            await update({ companyName: 'Engines Ltd' }, context)
          }
          return payments.updateCustomer(id, details)
        },
      },
    }
    await update({ email: 'bills@example.com' }, late)
    const both = { email: 'bills@example.com', name: 'Engines Ltd' }
    expect(stripe.customers.get(customerId)).toMatchObject(both)
    away()
    await expect(update({ email: 'new@example.com' }, context)).rejects.toMatchObject(UNAVAILABLE)
    stripe.intercept = () => false
    await update({ email: 'new@example.com' }, context)
    expect(stripe.customers.get(customerId)).toMatchObject({ ...both, email: 'new@example.com' })
  })

  it('end at once with all that was begun, before an organization goes', async () => {
    const open = await kit.buyCredits(5)
    const subscription = await subscribe()
    away()
    await expect(endSubscription(context, kit.organizationId)).rejects.toMatchObject(UNAVAILABLE)
    expect(await kit.standing()).toBe('active starter')
    stripe.intercept = () => false
    await endSubscription(context, kit.organizationId)
    expect(subscription.status).toBe('canceled')
    expect(stripe.sessions.get(open)?.status).toBe('expired')
    expect(await kit.standing()).toBe('canceled free')
    const writes = stripe.writes.length
    await endSubscription(context, kit.organizationId)
    expect(stripe.writes).toHaveLength(writes)
  })

  it('end also what was paid a moment ago, and what never was', async () => {
    const { subscription } = stripe.pay(await kit.checkout())
    await endSubscription(context, kit.organizationId)
    expect(stripe.subscriptions.get(subscription ?? '')?.status).toBe('canceled')
    const other = await createPaymentKit(domain, context)
    await endSubscription(context, other.organizationId)
    expect(await other.standing()).toBe('none free')
  })

  it('count for nothing if they were made in the sandbox before', async () => {
    const sandbox = await createPaymentKit(domain)
    await paySandboxCheckout(domain.context, await sandbox.checkout({ tierId: 'business' }), 'pays')
    expect(await sandbox.standing()).toBe('active business')
    expect(await getSubscription(context, sandbox.organizationId)).toMatchObject({
      plan: { id: 'free' },
      subscription: undefined,
      provider: 'stripe',
    })
  })
})
