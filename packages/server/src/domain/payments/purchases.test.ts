import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { createProject } from '../projects/create-project'
import { endSubscription } from './end-subscription'
import { paySandboxCheckout } from './sandbox/sandbox-checkout'
import { startCheckout } from './start-checkout'
import { createPaymentKit, DAY, type PaymentKit, URLS } from './testing/payment-kit'
import { updateBillingSettings } from './update-billing-settings'
import { updateSubscription } from './update-subscription'

const seatConflict = { code: 'CONFLICT', detail: { conflictField: 'seatCount' } }

describeOnEachEngine('what is bought', open => {
  let domain: TestDomain
  let kit: PaymentKit
  beforeAll(async () => {
    domain = createTestDomain(await open(), { defaultPlan: 'free' })
  })
  beforeEach(async () => {
    kit = await createPaymentKit(domain)
  })
  const buy = async (purchase: object = {}) =>
    paySandboxCheckout(domain.context, await kit.checkout(purchase), 'pays')
  const addMembers = async (count: number) => {
    for (let index = 0; index < count; index++) {
      const { userId } = await domain.signUp()
      await domain.storage.memberships.insert({
        organization_id: kit.organizationId,
        id: domain.context.newId(),
        user_id: userId,
        role: 'member',
        created_at: domain.now(),
        updated_at: domain.now(),
      })
    }
  }
  const invite = (email: string) =>
    domain.engine.db
      .insertInto('invitations')
      .values({
        organization_id: kit.organizationId,
        id: domain.context.newId(),
        email,
        role: 'member',
        invited_by_user_id: kit.owner.userId,
        token_hash: domain.context.newId(),
        created_at: domain.now(),
        sent_at: domain.now(),
        expires_at: domain.now() + DAY,
      })
      .execute()
  const createProjects = async (count: number) => {
    for (let index = 0; index < count; index++) {
      await createProject(domain.context, kit.actor, kit.organizationId, {
        name: 'Project',
        slug: undefined,
        website: null,
        description: null,
        businessContext: null,
        monitoringIntent: null,
        status: 'draft',
        frequency: null,
        timezone: 'UTC',
      })
    }
  }

  it('has a seat for each member and pending invitation, and no more than the plan has', async () => {
    await addMembers(2)
    await invite('guest@example.com')
    await expect(kit.checkout({ seatCount: 3 })).rejects.toMatchObject(seatConflict)
    await expect(kit.checkout({ seatCount: 11 })).rejects.toMatchObject(seatConflict)
    await kit.checkout({ seatCount: 10 })
    domain.advance(DAY)
    await kit.checkout({ seatCount: 3 })
  })

  it('leads back to our own and trusted origins only', async () => {
    const purchase = { tierId: 'pro', interval: 'month', seatCount: 1, slotPacks: 0 } as const
    for (const [field, urls] of [
      ['successUrl', { ...URLS, successUrl: 'https://evil.example/' }],
      ['cancelUrl', { ...URLS, cancelUrl: '//evil.example' }],
      ['successUrl', { ...URLS, successUrl: 'javascript:alert(1)' }],
      ['cancelUrl', { ...URLS, cancelUrl: 'https://app.example.com@evil.example' }],
    ] as const) {
      const started = startCheckout(domain.context, kit.actor, kit.organizationId, purchase, urls)
      await expect(started).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
        detail: { fields: [{ field }] },
      })
    }
    expect(await kit.acts()).toEqual([])
  })

  it('is changed, not bought again, while it lasts', async () => {
    await expect(kit.change({ seatCount: 4 })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('begin with a checkout'),
    })
    await buy()
    await expect(kit.checkout({ tierId: 'pro' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('change that subscription instead'),
    })
    const { plan, subscription } = await kit.change({ tierId: 'pro', seatCount: 20, slotPacks: 2 })
    expect(plan).toMatchObject({ id: 'pro', seats: 20, projects: 110 })
    expect(subscription).toMatchObject({ billing_interval: 'month', cancel_at_period_end: 0 })
    expect(await kit.acts()).toEqual([
      'checkout.started session',
      'subscription.started system',
      'subscription.updated session',
    ])
  })

  it('is what it was after a change to nothing else, and nothing is written of it', async () => {
    await buy()
    const before = await domain.storage.subscriptions.find(kit.organizationId)
    domain.advance(1000)
    for (const change of [{}, { seatCount: 3 }, { tierId: 'starter', cancelAtPeriodEnd: false }] as const)
      await kit.change(change)
    expect(await domain.storage.subscriptions.find(kit.organizationId)).toEqual(before)
    expect(await kit.acts()).toHaveLength(2)
  })

  it('never becomes less than the seats in use, nor more than the plan has', async () => {
    await buy({ tierId: 'pro', seatCount: 12 })
    await addMembers(3)
    for (const change of [{ seatCount: 3 }, { seatCount: 51 }, { tierId: 'starter' }] as const)
      await expect(kit.change(change)).rejects.toMatchObject(seatConflict)
    expect((await kit.usage()).plan).toMatchObject({ id: 'pro', seats: 12 })
    await kit.change({ tierId: 'starter', seatCount: 4 })
    expect((await kit.usage()).plan).toMatchObject({ id: 'starter', seats: 4 })
  })

  it('never becomes less than the seats in use, also not of members who join at the same moment', async () => {
    await buy({ seatCount: 5 })
    const { payments } = domain.context
    const meanwhile: typeof payments = {
      ...payments,
      changeSubscription: async (held, change) => {
        await addMembers(4)
        return payments.changeSubscription(held, change)
      },
    }
    const context = { ...domain.context, payments: meanwhile }
    const changed = updateSubscription(context, kit.actor, kit.organizationId, { seatCount: 1 })
    await expect(changed).rejects.toMatchObject(seatConflict)
    expect((await kit.usage()).plan.seats).toBe(5)
  })

  it('never allows fewer projects than there are, and says how many to remove', async () => {
    await buy({ slotPacks: 2 })
    await createProjects(27)
    await expect(kit.change({ slotPacks: 0 })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('remove 2 of them'),
      detail: { conflictField: 'slotPacks' },
    })
    await kit.change({ slotPacks: 1, interval: 'year' })
    await kit.change({ tierId: 'business', slotPacks: 0 })
    await expect(kit.change({ tierId: 'starter' })).rejects.toMatchObject({
      detail: { conflictField: 'tierId' },
    })
  })

  it('changed twenty times at once is one of the changes', async () => {
    await buy({ tierId: 'pro' })
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => kit.change({ seatCount: 10 + index, slotPacks: index })),
    )
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true)
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    const row = await domain.storage.subscriptions.find(kit.organizationId)
    expect(row?.seat_count).toBe(10 + (row?.slot_packs ?? 0))
  })

  it('is told to nobody but its organization', async () => {
    const sessionId = await kit.checkout()
    await paySandboxCheckout(domain.context, sessionId, 'pays')
    const stranger = await createPaymentKit(domain)
    const [foreign, unknown] = await Promise.all(
      [sessionId, 'cs_sandbox_nobodys'].map(id => stranger.verify(id).catch(error => error)),
    )
    expect(foreign).toMatchObject({ code: 'NOT_FOUND', message: unknown.message })
    expect(await stranger.standing()).toBe('none free')

    const second = await domain.foundOrganization({ [stranger.owner.userId]: 'owner' })
    const purchase = { tierId: 'pro', interval: 'month', seatCount: 1, slotPacks: 0 } as const
    const own = await startCheckout(domain.context, actorOf(stranger.owner), second, purchase, URLS)
    await expect(stranger.verify(own.sessionId)).rejects.toMatchObject({ code: 'TENANT_VIOLATION' })
    const pin = { metadata: { organizationId: stranger.organizationId } }
    const { key } = await domain.createKey(stranger.owner, pin)
    const pinned = await domain.principalOf(key)
    await expect(stranger.verify(own.sessionId, pinned)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('ends before its organization goes, with all that was begun', async () => {
    await endSubscription(domain.context, kit.organizationId)
    const begun = await kit.buyCredits(5)
    await buy()
    await endSubscription(domain.context, kit.organizationId)
    expect(await kit.standing()).toBe('canceled free')
    await expect(paySandboxCheckout(domain.context, begun, 'pays')).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    expect((await kit.acts()).at(-1)).toBe('subscription.ended system')
  })

  it('cannot be changed here while another provider holds it', async () => {
    await buy()
    await domain.engine.db
      .updateTable('subscriptions')
      .set({ provider: 'stripe', customer_id: 'cus_1' })
      .where('organization_id', '=', kit.organizationId)
      .execute()
    const away = { code: 'SERVICE_UNAVAILABLE', message: expect.stringContaining('held at stripe') }
    await expect(kit.change({ seatCount: 9 })).rejects.toMatchObject(away)
    await expect(kit.portal()).rejects.toMatchObject(away)
    await expect(endSubscription(domain.context, kit.organizationId)).rejects.toMatchObject(away)
    expect(await kit.standing()).toBe('active starter')
  })

  it('needs something bought before there is a portal', async () => {
    await expect(kit.portal()).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('is billed to what was set: fields left out stay, null empties one', async () => {
    const update = (change: object) =>
      updateBillingSettings(domain.context, kit.actor, kit.organizationId, change)
    await update({ email: 'bills@example.com', companyName: 'Engines Ltd', country: 'GB' })
    domain.advance(1000)
    expect(await update({ companyName: null, city: 'London', country: undefined })).toEqual({
      organization_id: kit.organizationId,
      email: 'bills@example.com',
      company_name: null,
      tax_id: null,
      address_line1: null,
      address_line2: null,
      postal_code: null,
      city: 'London',
      country: 'GB',
      updated_at: domain.now(),
    })
    const [, entry] = await domain.engine.db
      .selectFrom('audit_events')
      .selectAll()
      .where('organization_id', '=', kit.organizationId)
      .orderBy('sequence')
      .execute()
    expect(entry).toMatchObject({
      action: 'billing_settings.updated',
      details: '{"fields":["companyName","city"]}',
    })
  })

  it('is billed to nothing that somebody set who lost the right meanwhile', async () => {
    await domain.engine.db
      .updateTable('memberships')
      .set({ role: 'member' })
      .where('organization_id', '=', kit.organizationId)
      .execute()
    const update = () =>
      updateBillingSettings(domain.context, kit.actor, kit.organizationId, { city: 'Rome' })
    await expect(update()).rejects.toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' })
    expect(await domain.storage.billingSettings.find(kit.organizationId)).toBeUndefined()
    await domain.storage.organizations.delete(kit.organizationId)
    await expect(update()).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  it('is billed to all of what is set at the same time', async () => {
    const fields = { email: 'a@example.com', companyName: 'A', taxId: 'B', city: 'C', postalCode: 'D' }
    await Promise.all(
      Object.entries(fields).map(([name, value]) =>
        updateBillingSettings(domain.context, kit.actor, kit.organizationId, { [name]: value }),
      ),
    )
    expect(await domain.storage.billingSettings.find(kit.organizationId)).toMatchObject({
      email: 'a@example.com',
      company_name: 'A',
      tax_id: 'B',
      city: 'C',
      postal_code: 'D',
    })
  })
})
