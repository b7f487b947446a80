import { beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { listMembers } from '../members/list-members'
import type { SessionPrincipal } from '../principals/principal'
import { createOrganization, getOrganization } from './create-organization'
import { getMembership } from './get-membership'
import { listOrganizations } from './list-organizations'
import { updateOrganization } from './update-organization'

const page = { offset: 0, limit: 100, sort: '-createdAt' }

describeOnEachEngine('organizations', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  beforeEach(async () => {
    owner = await domain.signUp()
  })
  const create = (name: string, slug?: string) =>
    createOrganization(domain.context, actorOf(owner), { name, slug })
  const slugTaken = expect.objectContaining({ code: 'CONFLICT', detail: { conflictField: 'slug' } })

  it('belong to who makes them', async () => {
    const made = await create('Acme & Sons')
    expect(made).toMatchObject({ name: 'Acme & Sons', slug: 'acme-sons', role: 'owner', member_count: 1 })
    expect(await getOrganization(domain.context, made.id, owner.userId)).toEqual(made)
    expect(await getMembership(domain.context, made.id, owner.userId)).toMatchObject({ role: 'owner' })
  })

  it('made 50 at once with one name have slugs of their own', async () => {
    const made = await Promise.all(Array.from({ length: 50 }, () => create('Crowd')))
    expect(new Set(made.map(({ slug }) => slug)).size).toBe(50)
    for (const { slug } of made) expect(slug).toMatch(/^crowd(-\d{4,7})?$/)
  })

  it('are made by no account that is gone by then', async () => {
    await domain.storage.users.delete(owner.userId)
    await expect(create('Nobodys')).rejects.toMatchObject({ code: 'USER_NOT_ACTIVE' })
  })

  it('have a slug that nobody else has', async () => {
    const first = await create('First', `first-${owner.userId.toLowerCase()}`)
    const second = await create('Second')
    await expect(create('Third', first.slug)).rejects.toEqual(slugTaken)
    const rename = (slug: string) => updateOrganization(domain.context, second.id, actorOf(owner), { slug })
    await expect(rename(first.slug)).rejects.toEqual(slugTaken)
    expect((await rename(second.slug)).slug).toBe(second.slug)
    const { total } = await listOrganizations(domain.context, owner, page)
    expect(total).toBe(2)
  })

  it('changed by nothing keep all but the time', async () => {
    const made = await create('Still')
    domain.advance(10)
    const updated = await updateOrganization(domain.context, made.id, actorOf(owner), {})
    expect(updated).toEqual({ ...made, updated_at: domain.now() })
  })

  it('are seen by their members alone, and a pinned key sees its own alone', async () => {
    const mine = await create('Mine')
    const other = await create('Other')
    const stranger = await domain.signUp()
    const idsOf = async (principal: Parameters<typeof listOrganizations>[1]) =>
      (await listOrganizations(domain.context, principal, page)).items.map(({ id }) => id)
    expect(await idsOf(owner)).toEqual([other.id, mine.id])
    expect(await idsOf(stranger)).toEqual([])
    const { key } = await domain.createKey(owner, { metadata: { organizationId: mine.id } })
    const pinned = await domain.principalOf(key)
    expect(await idsOf(pinned)).toEqual([mine.id])
    await expect(
      createOrganization(domain.context, actorOf(pinned), { name: 'Way out', slug: undefined }),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' })
    for (const id of [mine.id, 'nobodys']) {
      await expect(getOrganization(domain.context, id, stranger.userId)).rejects.toMatchObject({
        code: 'FORBIDDEN',
      })
      await expect(getMembership(domain.context, id, stranger.userId)).rejects.toMatchObject({
        code: 'FORBIDDEN',
      })
    }
  })

  it('list their members, by name or address too', async () => {
    const [ada, bob] = [await domain.signUp(), await domain.signUp()]
    const names: [SessionPrincipal, string][] = [
      [ada, 'Ada 100%'],
      [bob, 'Bob_by'],
    ]
    for (const [{ userId }, full_name] of names) await domain.storage.users.update(userId, { full_name })
    const id = await domain.foundOrganization({
      [owner.userId]: 'owner',
      [ada.userId]: 'admin',
      [bob.userId]: 'member',
    })
    const idsFor = async (change: object) =>
      (await listMembers(domain.context, id, { ...page, ...change }, undefined)).items.map(
        ({ user_id }) => user_id,
      )
    expect(await idsFor({})).toEqual([bob.userId, ada.userId, owner.userId])
    expect(await idsFor({ q: '%' })).toEqual([ada.userId])
    expect(await idsFor({ q: '_' })).toEqual([bob.userId])
    expect(await idsFor({ q: ada.userId })).toEqual([ada.userId])
    expect(await idsFor({ sort: 'fullName', limit: 1, offset: 1 })).toHaveLength(1)
    expect(await listMembers(domain.context, id, { ...page, limit: 2 }, undefined)).toMatchObject({
      total: 3,
    })
  })
})
