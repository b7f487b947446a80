import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { deleteAccount } from '../accounts/delete-account'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { type OrganizationPeople, organizationPeople } from '../members/testing/organization-people'
import type { SessionPrincipal } from '../principals/principal'
import { deleteOrganization } from './delete-organization'

const DAY = 24 * 3_600_000

describeOnEachEngine('an organization that is paid for', open => {
  let domain: TestDomain
  let people: OrganizationPeople
  let owner: SessionPrincipal
  let admin: SessionPrincipal
  let id: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
    people = organizationPeople(domain)
  })
  beforeEach(async () => {
    ;[owner, admin] = [await domain.signUp(), await domain.signUp()]
    id = await paidOrganization({ [owner.userId]: 'owner', [admin.userId]: 'admin' })
  })

  const paidOrganization = async (members: Record<string, string>): Promise<string> => {
    const organization_id = await domain.foundOrganization(members)
    const now = domain.now()
    await domain.engine.db
      .insertInto('subscriptions')
      .values({
        ...{ organization_id, provider: 'sandbox', customer_id: null, subscription_id: organization_id },
        ...{ tier_id: 'starter', billing_interval: 'month', seat_count: 3, slot_packs: 0, status: 'active' },
        ...{ current_period_start: now, current_period_end: now + 30 * DAY, cancel_at_period_end: 0 },
        ...{ sandbox_card: 'pays', sync_generation: 0, created_at: now, updated_at: now },
      })
      .execute()
    return organization_id
  }
  const statusOf = async (organizationId: string) =>
    (await domain.storage.subscriptions.find(organizationId))?.status
  const actions = async (organizationId: string) =>
    (await people.audited(organizationId)).map(({ action }) => action)
  /** The provider of payments cannot be reached. */
  const cutOff = (): DomainContext => {
    const { context } = domain
    const away = () => Promise.reject(new DomainError('SERVICE_UNAVAILABLE'))
    return { ...context, payments: { ...context.payments, endSubscription: away } }
  }
  const away = expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' })

  it('is no longer paid for once it is deleted', async () => {
    await deleteOrganization(domain.context, actorOf(owner), id)
    expect(await actions(id)).toEqual(['subscription.ended', 'organization.deleted'])
    const alone = await domain.signUp()
    const ids = [
      await paidOrganization({ [alone.userId]: 'owner' }),
      await paidOrganization({ [alone.userId]: 'owner' }),
    ]
    await deleteAccount(domain.context, actorOf(alone))
    for (const each of ids)
      expect(await actions(each)).toEqual(['subscription.ended', 'organization.deleted'])
  })

  it('is not deleted, nor its last member, while nobody can be told to take no more money', async () => {
    await expect(deleteOrganization(cutOff(), actorOf(owner), id)).rejects.toEqual(away)
    const alone = await domain.signUp()
    const own = await paidOrganization({ [alone.userId]: 'owner' })
    await expect(deleteAccount(cutOff(), actorOf(alone))).rejects.toEqual(away)
    expect(await domain.storage.users.find(alone.userId)).toBeDefined()
    for (const each of [id, own]) expect([await statusOf(each), await actions(each)]).toEqual(['active', []])
  })

  it('goes on being paid for when its deletion is refused, or a member goes', async () => {
    const alone = await paidOrganization({ [owner.userId]: 'owner' })
    await expect(deleteOrganization(domain.context, actorOf(admin), id)).rejects.toMatchObject({
      code: 'INSUFFICIENT_PERMISSIONS',
    })
    await expect(deleteAccount(domain.context, actorOf(owner))).rejects.toMatchObject({ code: 'CONFLICT' })
    await deleteAccount(domain.context, actorOf(admin))
    expect([await statusOf(id), await statusOf(alone)]).toEqual(['active', 'active'])
    expect([await actions(id), await actions(alone)]).toEqual([['member.left'], []])
  })

  it('is no longer paid for either when its other member leaves while the last account is deleted', async () => {
    const second = await domain.signUp()
    await people.join(id, second, 'owner')
    await deleteAccount(domain.context, actorOf(admin))
    const { context } = domain
    // The other owner goes at the moment at which nothing was left alone yet.
    let isFirst = true
    const joined = context.storage.organizations.listJoined.bind(context.storage.organizations)
    const organizations = Object.create(context.storage.organizations, {
      listJoined: {
        value: async (userId: string) => {
          const found = await joined(userId)
          if (isFirst) {
            isFirst = false
            await deleteAccount(context, actorOf(second))
          }
          return found
        },
      },
    })
    await deleteAccount({ ...context, storage: { ...context.storage, organizations } }, actorOf(owner))
    expect(await actions(id)).toEqual([
      'member.left',
      'member.left',
      'subscription.ended',
      'organization.deleted',
    ])
  })
})
