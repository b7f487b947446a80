import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../../testing/test-domain'
import { createPaymentKit, DAY, type PaymentKit } from '../testing/payment-kit'
import type { SandboxCard } from './sandbox-card'
import { cancelSandboxCheckout, getSandboxCheckout, paySandboxCheckout } from './sandbox-checkout'
import { changeAtSandboxPortal, getSandboxPortal } from './sandbox-portal'

const CONFLICT = { code: 'CONFLICT' }
const NOT_FOUND = { code: 'NOT_FOUND' }

describeOnEachEngine('the sandbox', open => {
  let domain: TestDomain
  let kit: PaymentKit
  beforeAll(async () => {
    domain = createTestDomain(await open(), { defaultPlan: 'free' })
  })
  beforeEach(async () => {
    kit = await createPaymentKit(domain)
  })
  const pay = (sessionId: string, card: SandboxCard = 'pays') =>
    paySandboxCheckout(domain.context, sessionId, card)
  const buy = async (card: SandboxCard = 'pays', interval: 'month' | 'year' = 'month') =>
    pay(await kit.checkout({ interval }), card)
  const until = (date: string) => domain.advance(Date.parse(date) - domain.now())
  const portal = (sessionId: string, card?: SandboxCard, cancelAtPeriodEnd?: boolean) =>
    changeAtSandboxPortal(domain.context, sessionId, { card, cancelAtPeriodEnd })

  it('shows what is bought, and for how much, as the server works it out', async () => {
    const plan = await kit.checkout({ tierId: 'pro', interval: 'year', seatCount: 7, slotPacks: 2 })
    expect(plan).toMatch(/^cs_sandbox_[0-9a-f]{64}$/)
    expect(await getSandboxCheckout(domain.context, plan)).toEqual({
      organizationName: kit.organizationId,
      order: { kind: 'subscription', tierId: 'pro', interval: 'year', seatCount: 7, slotPacks: 2 },
      amount: 7 * 19_000 + 2 * 5_000,
      status: 'open',
      successUrl: `https://app.example.com/done?from=snoop&session_id=${plan}`,
      cancelUrl: 'https://auth.example.com/billing',
    })
    const credits = await kit.buyCredits(250)
    expect(await getSandboxCheckout(domain.context, credits)).toMatchObject({
      order: { kind: 'credits', credits: 250 },
      amount: 250,
    })
  })

  it('counts a plan once it is paid, and not before', async () => {
    const sessionId = await kit.checkout({ tierId: 'pro', seatCount: 12, slotPacks: 2 })
    expect(await kit.verify(sessionId)).toMatchObject({ status: 'open' })
    expect(await kit.standing()).toBe('none free')
    expect(await pay(sessionId)).toEqual({
      status: 'complete',
      url: `https://app.example.com/done?from=snoop&session_id=${sessionId}`,
    })
    expect(await kit.verify(sessionId)).toMatchObject({ status: 'complete' })
    expect(await kit.standing()).toBe('active pro')
    expect(await kit.usage()).toMatchObject({
      plan: { seats: 12, projects: 110, apiAccess: true },
      seats: 1,
      projects: 0,
    })
    expect(await kit.acts()).toEqual(['checkout.started session', 'subscription.started system'])
  })

  it('refuses the card that is declined, and leaves the checkout open for another', async () => {
    const sessionId = await kit.checkout()
    await expect(pay(sessionId, 'declined')).rejects.toMatchObject(CONFLICT)
    expect(await kit.standing()).toBe('none free')
    expect(await pay(sessionId)).toMatchObject({ status: 'complete' })
  })

  it('paid twenty times at once has bought once', async () => {
    const plan = await kit.checkout()
    const credits = await kit.buyCredits(100)
    const payments = await Promise.all(
      Array.from({ length: 20 }, (_, index) => pay(index % 2 ? plan : credits)),
    )
    expect(payments.every(({ status }) => status === 'complete')).toBe(true)
    expect((await kit.usage()).creditBalance).toBe(100)
    const acts = await kit.acts()
    expect(acts.filter(act => act.startsWith('subscription.started'))).toHaveLength(1)
    expect(acts.filter(act => act.startsWith('credits.purchased'))).toHaveLength(1)
  })

  it('of twenty checkouts paid at once sells one plan; the others stay unpaid', async () => {
    const sessions = await Promise.all(Array.from({ length: 20 }, () => kit.checkout()))
    expect(new Set(sessions).size).toBe(20)
    const results = await Promise.allSettled(sessions.map(session => pay(session)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const outcomes = await Promise.all(sessions.map(session => kit.verify(session)))
    expect(outcomes.filter(({ status }) => status === 'complete')).toHaveLength(1)
    expect(outcomes.filter(({ status }) => status === 'open')).toHaveLength(19)
  })

  it('adds up credits of several checkouts', async () => {
    for (const credits of [1, 250, 1_000_000]) await pay(await kit.buyCredits(credits))
    expect((await kit.usage()).creditBalance).toBe(1_000_251)
  })

  it('takes no payment a day after the checkout was begun, or after it was cancelled', async () => {
    const late = await kit.checkout()
    domain.advance(DAY - 1)
    expect(await kit.verify(late)).toMatchObject({ status: 'open' })
    domain.advance(1)
    await expect(pay(late)).rejects.toMatchObject(CONFLICT)
    expect(await kit.verify(late)).toMatchObject({ status: 'expired' })
    const left = await kit.checkout()
    expect(await cancelSandboxCheckout(domain.context, left)).toEqual({
      status: 'expired',
      url: 'https://auth.example.com/billing',
    })
    await expect(pay(left)).rejects.toMatchObject(CONFLICT)
    const paid = await kit.checkout()
    await pay(paid)
    await expect(cancelSandboxCheckout(domain.context, paid)).rejects.toMatchObject(CONFLICT)
    expect(await kit.standing()).toBe('active starter')
  })

  it('knows no checkout by another id, and takes no portal for one', async () => {
    await buy()
    const session = await kit.portal()
    for (const id of ['cs_sandbox_1', '', "' or 1=1 --", session]) {
      await expect(getSandboxCheckout(domain.context, id)).rejects.toMatchObject(NOT_FOUND)
      await expect(pay(id)).rejects.toMatchObject(NOT_FOUND)
      await expect(cancelSandboxCheckout(domain.context, id)).rejects.toMatchObject(NOT_FOUND)
      await expect(kit.verify(id)).rejects.toMatchObject(NOT_FOUND)
    }
    await expect(getSandboxPortal(domain.context, await kit.buyCredits(1))).rejects.toMatchObject(NOT_FOUND)
  })

  describe('as time goes by', () => {
    it('renews a plan month by month, on the day it began', async () => {
      until('2027-01-31T10:00:00Z')
      await buy()
      for (const [now, start, end] of [
        ['2027-02-28T09:59:59Z', '2027-01-31', '2027-02-28'],
        ['2027-02-28T10:00:00Z', '2027-02-28', '2027-03-31'],
        ['2027-03-31T10:00:00Z', '2027-03-31', '2027-04-30'],
        ['2031-08-31T09:00:00Z', '2031-07-31', '2031-08-31'],
      ] as const) {
        until(now)
        const { overview } = await kit.verify(await kit.buyCredits(1))
        expect(overview.subscription).toMatchObject({
          status: 'active',
          current_period_start: Date.parse(`${start}T10:00:00Z`),
          current_period_end: Date.parse(`${end}T10:00:00Z`),
        })
      }
    })

    it('lets a plan whose renewal fails count for seven days more', async () => {
      until('2032-01-15T00:00:00Z')
      await buy('pays-once')
      until('2032-02-14T23:59:59Z')
      expect(await kit.standing()).toBe('active starter')
      until('2032-02-15T00:00:00Z')
      expect(await kit.standing()).toBe('past_due starter')
      await expect(kit.change({ seatCount: 4 })).rejects.toMatchObject(CONFLICT)
      await expect(kit.checkout()).rejects.toMatchObject(CONFLICT)
      until('2032-02-21T23:59:59Z')
      expect(await kit.standing()).toBe('past_due starter')
      until('2032-02-22T00:00:00Z')
      expect(await kit.standing()).toBe('canceled free')
      await expect(kit.change({ seatCount: 4 })).rejects.toMatchObject(CONFLICT)
      await buy()
      expect(await kit.standing()).toBe('active starter')
    })

    it('goes on with a failed plan once another card pays', async () => {
      until('2033-01-15T00:00:00Z')
      await buy('pays-once')
      until('2033-02-16T00:00:00Z')
      const session = await kit.portal()
      await expect(portal(session, 'declined')).rejects.toMatchObject(CONFLICT)
      expect(await kit.standing()).toBe('past_due starter')
      expect((await portal(session, 'pays-once')).subscription).toMatchObject({
        status: 'active',
        currentPeriodEnd: Date.parse('2033-03-15T00:00:00Z'),
      })
      until('2033-03-15T00:00:00Z')
      expect(await kit.standing()).toBe('past_due starter')
      await portal(await kit.portal(), 'pays')
      until('2033-12-01T00:00:00Z')
      expect(await kit.standing()).toBe('active starter')
    })

    it('ends a plan with the period, if that was asked for and not taken back', async () => {
      until('2034-03-01T00:00:00Z')
      await buy('pays', 'year')
      await kit.change({ cancelAtPeriodEnd: true })
      until('2034-06-01T00:00:00Z')
      await portal(await kit.portal(), undefined, false)
      until('2035-06-01T00:00:00Z')
      expect(await kit.standing()).toBe('active starter')
      expect((await portal(await kit.portal(), undefined, true)).subscription).toMatchObject({
        cancelAtPeriodEnd: true,
        currentPeriodEnd: Date.parse('2036-03-01T00:00:00Z'),
      })
      until('2036-02-29T23:59:59Z')
      expect(await kit.standing()).toBe('active starter')
      until('2036-03-01T00:00:00Z')
      expect(await kit.standing()).toBe('canceled free')
      await expect(portal(await kit.portal(), undefined, false)).rejects.toMatchObject(CONFLICT)
    })

    it('begins a new period with another interval', async () => {
      until('2037-01-10T00:00:00Z')
      await buy()
      until('2037-05-20T00:00:00Z')
      const { subscription } = await kit.change({ interval: 'year' })
      expect(subscription).toMatchObject({
        billing_interval: 'year',
        current_period_start: Date.parse('2037-05-20T00:00:00Z'),
        current_period_end: Date.parse('2038-05-20T00:00:00Z'),
      })
    })

    it('closes the portal after an hour', async () => {
      await buy()
      const session = await kit.portal()
      expect(session).toMatch(/^ps_sandbox_[0-9a-f]{64}$/)
      domain.advance(3_599_999)
      expect(await getSandboxPortal(domain.context, session)).toMatchObject({
        organizationName: kit.organizationId,
        amount: 2_700,
        returnUrl: 'https://auth.example.com/payments/closed',
        subscription: { sandboxCard: 'pays', cancelAtPeriodEnd: false },
      })
      domain.advance(1)
      await expect(getSandboxPortal(domain.context, session)).rejects.toMatchObject(NOT_FOUND)
      await expect(portal(session, 'pays-once')).rejects.toMatchObject(NOT_FOUND)
    })
  })
})
