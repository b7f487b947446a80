import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { CheckoutRow } from '../../storage/stores/checkout-store'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { deleteAccount } from '../accounts/delete-account'
import type { DomainContext } from '../domain-context'
import { deleteOrganization } from '../organizations/delete-organization'
import { endSubscription } from './end-subscription'
import { keepCustomer } from './keep-customer'
import { receivePaymentEvent } from './receive-payment-event'
import { paySandboxCheckout } from './sandbox/sandbox-checkout'
import { settleCheckout } from './settle-checkout'
import { startCreditsCheckout } from './start-checkout'
import { createStripeProvider } from './stripe-provider'
import { type FakeStripe, startFakeStripe } from './testing/fake-stripe'
import { createPaymentKit, type PaymentKit, URLS } from './testing/payment-kit'

describeOnEachEngine('an organization that is deleted while something is bought for it', (open, engine) => {
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
    kit = await createPaymentKit(domain, context)
  })

  const isThere = async () => (await domain.storage.memberships.count(kit.organizationId)) > 0
  const subscribe = async (): Promise<string> => {
    const session = stripe.pay(await kit.checkout())
    const { body, signature } = stripe.event('checkout.session.completed', session)
    await receivePaymentEvent(context, body, signature)
    return session.subscription ?? ''
  }
  /** The context of who deletes; `act` happens right before each of the first transactions. */
  const meanwhile = (act: () => Promise<unknown>, times = 1): DomainContext => {
    let left = times
    const { storage } = context
    const transaction: typeof storage.transaction = async work => {
      if (left-- > 0) await act()
      return storage.transaction(work)
    }
    return { ...context, storage: { ...storage, transaction } }
  }
  const deletions = [
    ['itself', (by: DomainContext) => deleteOrganization(by, kit.actor, kit.organizationId)],
    ['with its last account', (by: DomainContext) => deleteAccount(by, kit.actor)],
  ] as const

  it.each(deletions)('%s leaves no checkout that could be paid', async (_how, remove) => {
    let sessionId = ''
    await remove(
      meanwhile(async () => {
        sessionId = await kit.buyCredits(5)
      }),
    )
    expect(await isThere()).toBe(false)
    expect(stripe.sessions.get(sessionId)?.status).toBe('expired')
  })

  it.each(deletions)('%s leaves no subscription that takes money', async (_how, remove) => {
    let subscriptionId = ''
    await remove(
      meanwhile(async () => {
        subscriptionId = await subscribe()
      }),
    )
    expect(await isThere()).toBe(false)
    expect(stripe.subscriptions.get(subscriptionId)?.status).toBe('canceled')
  })

  it.each(deletions)('%s stays while there is no end of buying', async (_how, remove) => {
    const removed = remove(meanwhile(() => kit.buyCredits(5), 100))
    await expect(removed).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    expect(await isThere()).toBe(true)
  })

  it.each(deletions)('%s goes also if Stripe has lost its subscription', async (_how, remove) => {
    stripe.subscriptions.delete(await subscribe())
    await remove(context)
    expect(await isThere()).toBe(false)
  })

  it.each([
    [
      'whose organization is gone meanwhile',
      'FORBIDDEN',
      () => deleteOrganization(context, kit.actor, kit.organizationId),
    ],
    [
      'of who was demoted meanwhile',
      'INSUFFICIENT_PERMISSIONS',
      () =>
        domain.engine.db
          .updateTable('memberships')
          .set({ role: 'member' })
          .where('organization_id', '=', kit.organizationId)
          .execute(),
    ],
  ] as const)('lets nobody pay a checkout %s', async (_whose, code, act) => {
    const { payments } = context
    let sessionId = ''
    const late: DomainContext = {
      ...context,
      payments: {
        ...payments,
        createCheckout: async request => {
          const opened = await payments.createCheckout(request)
          sessionId = opened.id
          await act()
          return opened
        },
      },
    }
    const started = startCreditsCheckout(late, kit.actor, kit.organizationId, 5, URLS)
    await expect(started).rejects.toMatchObject({ code })
    expect(stripe.sessions.get(sessionId)?.status).toBe('expired')
    expect(await domain.storage.checkouts.findById(sessionId)).toBeUndefined()
  })

  // Where many write at once; SQLite has one writer.
  if (engine === 'postgres') {
    it('is held before anything else that is written', async () => {
      const isHeld = async () => {
        const { db } = domain.engine
        const id = [kit.organizationId, kit.owner.userId]
        const free = await Promise.all([
          db
            .selectFrom('organizations')
            .select('id')
            .where('id', 'in', id)
            .forUpdate()
            .skipLocked()
            .execute(),
          db.selectFrom('users').select('id').where('id', 'in', id).forUpdate().skipLocked().execute(),
        ])
        return free.map(rows => rows.length === 0)
      }
      const seen: boolean[][] = []
      const { storage } = context
      const transaction: typeof storage.transaction = work =>
        storage.transaction(stores => {
          const insert = async (row: CheckoutRow) => {
            seen.push(await isHeld())
            await stores.checkouts.insert(row)
          }
          return work({
            ...stores,
            checkouts: Object.create(stores.checkouts, { insert: { value: insert } }),
          })
        })
      const watched = { ...context, storage: { ...storage, transaction } }
      const { sessionId } = await startCreditsCheckout(watched, kit.actor, kit.organizationId, 5, URLS)
      expect(seen).toEqual([[true, true]])
      stripe.pay(sessionId)
      await settleCheckout(context, (await storage.checkouts.findById(sessionId))!, async () => {
        seen.push(await isHeld())
        return true
      })
      expect(seen.at(-1)).toEqual([true, false])
      expect((await kit.usage()).creditBalance).toBe(5)
    })
  }

  it('keeps the credits that were paid for if it is not deleted after all', async () => {
    const session = stripe.pay(await kit.buyCredits(5))
    await endSubscription(context, kit.organizationId)
    for (const type of ['checkout.session.completed', 'checkout.session.async_payment_succeeded']) {
      const { body, signature } = stripe.event(type, session)
      await receivePaymentEvent(context, body, signature)
    }
    expect((await kit.usage()).creditBalance).toBe(5)
  })

  it('has no customer and no portal any more', async () => {
    const { payments } = context
    const remove = () => deleteOrganization(context, kit.actor, kit.organizationId)
    const createCustomer: typeof payments.createCustomer = async (id, details) => {
      await remove()
      return payments.createCustomer(id, details)
    }
    const late = { ...context, payments: { ...payments, createCustomer } }
    const gone = { code: 'FORBIDDEN' }
    await expect(keepCustomer(late, kit.organizationId)).rejects.toMatchObject(gone)

    const sandbox = await createPaymentKit(domain)
    await paySandboxCheckout(domain.context, await sandbox.checkout(), 'pays')
    const held = await domain.storage.subscriptions.find(sandbox.organizationId)
    await deleteOrganization(domain.context, sandbox.actor, sandbox.organizationId)
    const portal = domain.context.payments.openPortal(held!, 'https://auth.example.com/')
    await expect(portal).rejects.toMatchObject(gone)
  })

  it('is told to the operator when money comes for it all the same', async () => {
    const session = stripe.sessions.get(await kit.buyCredits(5))!
    await deleteOrganization(context, kit.actor, kit.organizationId)
    Object.assign(session, { status: 'complete', payment_status: 'paid' })
    for (const [type, object] of [
      ['checkout.session.completed', { ...session, payment_status: 'unpaid' }],
      ['checkout.session.completed', session],
    ] as const) {
      const { body, signature } = stripe.event(type, object)
      await receivePaymentEvent(context, body, signature)
    }
    const { organizationId } = kit
    const warnings = domain.logged.filter(fields => fields.organizationId === organizationId)
    expect(warnings.filter(({ event }) => event === 'payments.stray')).toHaveLength(1)
  })
})
