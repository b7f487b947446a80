import { PLANS } from '@snoop/sdk/contract'
import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { paySandboxCheckout } from '../payments/sandbox/sandbox-checkout'
import { createPaymentKit, type PaymentKit } from '../payments/testing/payment-kit'
import { createProject } from '../projects/create-project'
import { deleteProject } from '../projects/delete-project'

const DETAILS = {
  name: 'Project',
  slug: undefined,
  website: null,
  description: null,
  businessContext: null,
  monitoringIntent: null,
  status: 'draft',
  frequency: null,
  timezone: 'UTC',
}

describeOnEachEngine('the limits of a plan', open => {
  let domain: TestDomain
  beforeAll(async () => {
    domain = createTestDomain(await open(), { defaultPlan: 'free' })
  })
  const create = ({ actor, organizationId }: PaymentKit) =>
    createProject(domain.context, actor, organizationId, DETAILS)
  const createMany = (kit: PaymentKit, count: number) =>
    Promise.allSettled(Array.from({ length: count }, () => create(kit)))
  const buy = async (kit: PaymentKit, purchase: object) =>
    paySandboxCheckout(domain.context, await kit.checkout(purchase), 'pays')

  it('hold when 50 projects are made at once: five are there, and each refusal says why', async () => {
    const kit = await createPaymentKit(domain)
    const results = await createMany(kit, 50)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(PLANS.free.projects ?? 0)
    expect((await kit.usage()).projects).toBe(5)
    for (const result of results) {
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({
          code: 'PLAN_LIMIT_REACHED',
          detail: { planLimit: { resource: 'projects', limit: 5, plan: 'free' } },
        })
    }
    const acts = await kit.acts()
    expect(acts.filter(act => act === 'project.created session')).toHaveLength(5)
  })

  it('are those of the plan that is paid for, with its slot packs, and of no other organization', async () => {
    const [kit, other] = [await createPaymentKit(domain), await createPaymentKit(domain)]
    await buy(kit, { slotPacks: 1 })
    await createMany(kit, 31)
    expect((await kit.usage()).projects).toBe(30)
    await createMany(other, 6)
    expect((await other.usage()).projects).toBe(5)
  })

  it('take nothing away when the plan ends, and let nothing be added', async () => {
    const kit = await createPaymentKit(domain)
    await buy(kit, {})
    await createMany(kit, 7)
    await kit.change({ cancelAtPeriodEnd: true })
    domain.advance(32 * 24 * 3_600_000)
    expect(await kit.usage()).toMatchObject({ plan: { id: 'free', projects: 5 }, projects: 7 })
    await expect(create(kit)).rejects.toMatchObject({ code: 'PLAN_LIMIT_REACHED' })
    const { items } = await domain.storage.projects.list(
      kit.organizationId,
      { offset: 0, limit: 3, sort: 'createdAt' },
      undefined,
    )
    for (const { id } of items)
      await deleteProject(domain.context, actorOf(kit.owner), kit.organizationId, id)
    await create(kit)
    await expect(create(kit)).rejects.toMatchObject({ code: 'PLAN_LIMIT_REACHED' })
  })
})
