import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { paySandboxCheckout } from '../payments/sandbox/sandbox-checkout'
import { createPaymentKit, type PaymentKit } from '../payments/testing/payment-kit'
import type { Actor } from '../principals/actor'
import { createWebsite, type NewWebsite } from './create-website'
import { deleteWebsite } from './delete-website'
import { getWebsite } from './get-website'
import { listWebsites } from './list-websites'
import { updateWebsite } from './update-website'

const HOME: NewWebsite = {
  name: 'Home',
  url: 'https://example.com',
  viewportWidth: 1920,
  viewportHeight: 1080,
  isFullPage: false,
  status: 'active',
}
const NOT_FOUND = expect.objectContaining({ code: 'NOT_FOUND' })

describeOnEachEngine('websites', open => {
  let domain: TestDomain
  let kit: PaymentKit
  beforeAll(async () => {
    domain = createTestDomain(await open(), { defaultPlan: 'free' })
  })
  beforeEach(async () => {
    kit = await createPaymentKit(domain)
  })
  const create = (details: Partial<NewWebsite> = {}, by: Actor = kit.actor, of = kit.organizationId) =>
    createWebsite(domain.context, by, of, { ...HOME, ...details })
  const createMany = (count: number) =>
    Promise.allSettled(Array.from({ length: count }, (_, index) => create({ name: `Site ${index}` })))
  const buy = async (purchase: object) =>
    paySandboxCheckout(domain.context, await kit.checkout(purchase), 'pays')
  const list = (offset = 0, limit = 15) => listWebsites(domain.context, kit.organizationId, { offset, limit })

  it('made 50 at once are as many as the plan allows, and each refusal says why', async () => {
    await buy({ tierId: 'starter' })
    const results = await createMany(50)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    for (const result of results) {
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({
          code: 'PLAN_LIMIT_REACHED',
          detail: { planLimit: { resource: 'websites', limit: 5, plan: 'starter' } },
        })
    }
    const { items, total } = await list()
    expect([total, items.map(({ number }) => number)]).toEqual([5, [1, 2, 3, 4, 5]])
    const acts = await kit.acts()
    expect(acts.filter(act => act === 'website.created session')).toHaveLength(5)
  })

  it('are one on the free plan, and another one once that is gone, with a number that nobody had', async () => {
    const first = await create()
    await expect(create()).rejects.toMatchObject({
      code: 'PLAN_LIMIT_REACHED',
      message: 'The free plan allows this organization 1 websites; upgrade it, or remove one first',
    })
    await deleteWebsite(domain.context, kit.actor, kit.organizationId, first.number)
    expect((await create()).number).toBe(2)
  })

  it('are listed page by page, in the order in which they were made', async () => {
    await buy({ tierId: 'pro' })
    for (let index = 0; index < 17; index++) await create({ name: `Site ${index}` })
    const numbers = async (offset: number) => {
      const { items, total } = await list(offset)
      return [total, items.map(({ number }) => number)]
    }
    expect(await numbers(0)).toEqual([17, Array.from({ length: 15 }, (_, index) => index + 1)])
    expect(await numbers(15)).toEqual([17, [16, 17]])
    expect(await numbers(30)).toEqual([17, []])
  })

  it('changed in part keep the rest', async () => {
    const made = await create()
    domain.advance(10)
    const change = (details: object) =>
      updateWebsite(domain.context, kit.actor, kit.organizationId, made.number, details)
    expect(await change({})).toEqual({ ...made, updated_at: domain.now() })
    const details = { name: 'Größe 👩‍👩‍👧', isFullPage: true, viewportWidth: 320, url: undefined }
    const changed = {
      ...made,
      name: details.name,
      full_page: 1,
      viewport_width: 320,
      updated_at: domain.now(),
    }
    expect(await change(details)).toEqual(changed)
    expect(await getWebsite(domain.context, kit.organizationId, made.number)).toEqual(changed)
    expect((await change({ isFullPage: false, status: 'paused' })).full_page).toBe(0)
  })

  it('are reached under no other organization, though the numbers are the same', async () => {
    const mine = await create({ name: 'Mine' })
    const other = await createPaymentKit(domain)
    const { organizationId, actor } = other
    for (const attempt of [
      () => getWebsite(domain.context, organizationId, mine.number),
      () => updateWebsite(domain.context, actor, organizationId, mine.number, { name: 'Theirs' }),
      () => deleteWebsite(domain.context, actor, organizationId, mine.number),
    ])
      await expect(attempt()).rejects.toEqual(NOT_FOUND)
    const theirs = await create({ name: 'Theirs' }, other.actor, other.organizationId)
    expect(theirs.number).toBe(mine.number)
    await deleteWebsite(domain.context, other.actor, other.organizationId, theirs.number)
    expect(await getWebsite(domain.context, kit.organizationId, mine.number)).toEqual(mine)
  })

  it('are written by members, and by nobody who is none any more', async () => {
    const member = await domain.signUp()
    const shared = await domain.foundOrganization({ [kit.owner.userId]: 'owner', [member.userId]: 'member' })
    const { number } = await create({}, actorOf(member), shared)
    await domain.engine.db.deleteFrom('memberships').where('user_id', '=', member.userId).execute()
    const refused = expect.objectContaining({ code: 'FORBIDDEN' })
    const former = actorOf(member)
    await expect(create({}, former, shared)).rejects.toEqual(refused)
    await expect(updateWebsite(domain.context, former, shared, number, {})).rejects.toEqual(refused)
    await expect(deleteWebsite(domain.context, former, shared, number)).rejects.toEqual(refused)
  })

  it('leave their acts in the audit log', async () => {
    const { number } = await create()
    await updateWebsite(domain.context, kit.actor, kit.organizationId, number, { name: 'New' })
    await deleteWebsite(domain.context, kit.actor, kit.organizationId, number)
    await expect(deleteWebsite(domain.context, kit.actor, kit.organizationId, number)).rejects.toEqual(
      NOT_FOUND,
    )
    expect(await kit.acts()).toEqual([
      'website.created session',
      'website.updated session',
      'website.deleted session',
    ])
  })
})
