import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { projectRow } from '../../testing/rows'
import { searchTables } from '../../testing/search-tables'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { type OrganizationPeople, organizationPeople } from '../members/testing/organization-people'
import type { Principal, SessionPrincipal } from '../principals/principal'
import { createOrganization } from './create-organization'
import { deleteOrganization } from './delete-organization'
import { transferOrganization } from './transfer-organization'
import { updateOrganization } from './update-organization'

const refused = (code: string) => expect.objectContaining({ code })

describeOnEachEngine('an organization', open => {
  let domain: TestDomain
  let people: OrganizationPeople
  let owner: SessionPrincipal
  let admin: SessionPrincipal
  let member: SessionPrincipal
  let id: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
    people = organizationPeople(domain)
  })
  beforeEach(async () => {
    ;[owner, admin, member] = [await domain.signUp(), await domain.signUp(), await domain.signUp()]
    id = await domain.foundOrganization({
      [owner.userId]: 'owner',
      [admin.userId]: 'admin',
      [member.userId]: 'member',
    })
  })
  const rolesBefore = () => ({
    [owner.userId]: 'owner',
    [admin.userId]: 'admin',
    [member.userId]: 'member',
  })

  describe('handed over', () => {
    const handOver = async (by: Principal, to: Principal) =>
      transferOrganization(domain.context, actorOf(by), id, await people.memberId(id, to))

    it('belongs to the member, and makes its owner an admin, as the log tells', async () => {
      const memberId = await people.memberId(id, member)
      domain.advance(10)
      const made = await handOver(owner, member)
      expect(made).toMatchObject({ id: memberId, role: 'owner', user_id: member.userId })
      expect(made).toEqual(await domain.storage.memberships.find(id, memberId))
      expect(await people.roles(id)).toEqual({
        [owner.userId]: 'admin',
        [admin.userId]: 'admin',
        [member.userId]: 'owner',
      })
      expect(await people.audited(id)).toEqual([
        {
          action: 'organization.transferred',
          actor: owner.userId,
          credential: owner.credentialId,
          resource: id,
          details: { memberId, userId: member.userId, from: 'member' },
        },
      ])
      await expect(handOver(owner, owner)).rejects.toEqual(refused('INSUFFICIENT_PERMISSIONS'))
      await expect(handOver(owner, admin)).rejects.toEqual(refused('INSUFFICIENT_PERMISSIONS'))
    })

    it('to one of two owners has one left', async () => {
      const second = await domain.signUp()
      await people.join(id, second, 'owner')
      await handOver(owner, second)
      expect(await people.roles(id)).toMatchObject({ [owner.userId]: 'admin', [second.userId]: 'owner' })
    })

    it.each<[string, string, () => Promise<unknown>]>([
      ['to its owner', 'CONFLICT', () => handOver(owner, owner)],
      ['by an admin to itself', 'INSUFFICIENT_PERMISSIONS', () => handOver(admin, admin)],
      ['by an admin to another', 'INSUFFICIENT_PERMISSIONS', () => handOver(admin, member)],
      ['by a member', 'INSUFFICIENT_PERMISSIONS', () => handOver(member, member)],
      ['by nobody of it', 'FORBIDDEN', async () => handOver(await domain.signUp(), member)],
      ['to nobody of it', 'NOT_FOUND', async () => handOver(owner, await domain.signUp())],
      [
        'to a member of another one of its owner',
        'TENANT_VIOLATION',
        async () => {
          const other = await domain.foundOrganization({ [owner.userId]: 'owner', [admin.userId]: 'member' })
          return transferOrganization(domain.context, actorOf(owner), id, await people.memberId(other, admin))
        },
      ],
    ])('%s is refused, and changes nothing', async (_case, code, act) => {
      await expect(act()).rejects.toEqual(refused(code))
      expect(await people.roles(id)).toEqual(rolesBefore())
      expect(await people.audited(id)).toEqual([])
    })
  })

  describe('deleted', () => {
    const remove = (by: Principal, organizationId = id) =>
      deleteOrganization(domain.context, actorOf(by), organizationId)

    it('leaves nothing of it in any table but its log, which tells who did it', async () => {
      const project = projectRow(id, domain.context.newId())
      await domain.engine.db.insertInto('projects').values(project).execute()
      const dead = [
        await domain.createKey(owner, { metadata: { organizationId: id } }),
        await domain.createKey(member, { metadata: { organizationId: id } }),
      ]
      const kept = await domain.createKey(member)
      const other = await domain.foundOrganization({ [owner.userId]: 'owner' })
      expect(await searchTables(domain.engine.db, [id])).toEqual(
        expect.arrayContaining([
          'api_keys.organization_id',
          'memberships.organization_id',
          'projects.organization_id',
        ]),
      )
      await remove(owner)
      expect(await searchTables(domain.engine.db, [id])).toEqual([
        'audit_chains.organization_id',
        'audit_events.details',
        'audit_events.organization_id',
        'audit_events.resource_id',
      ])
      for (const { key } of dead) expect(await domain.isAccepted(key)).toBe(false)
      expect(await domain.isAccepted(kept.key)).toBe(true)
      expect(await people.roles(other)).toEqual({ [owner.userId]: 'owner' })
      expect((await people.audited(id)).map(({ action }) => action)).toEqual([
        'api_key.created',
        'api_key.created',
        'organization.deleted',
      ])
      expect((await people.audited(id)).at(-1)).toEqual({
        action: 'organization.deleted',
        actor: owner.userId,
        credential: owner.credentialId,
        resource: id,
        details: { name: id, slug: id.toLowerCase() },
      })
    })

    it('is as if it had never been, to those who belonged to it', async () => {
      await remove(owner)
      for (const by of [owner, admin, member]) expect(await people.manage(id, by)).toBe('FORBIDDEN')
      await expect(remove(owner)).rejects.toEqual(refused('FORBIDDEN'))
      await expect(updateOrganization(domain.context, id, actorOf(owner), { name: 'Back' })).rejects.toEqual(
        refused('FORBIDDEN'),
      )
      expect(await people.audited(id)).toHaveLength(1)
    })

    it('by two owners at once is deleted once', async () => {
      await people.join(id, await domain.signUp(), 'owner')
      const results = await Promise.allSettled([remove(owner), remove(owner)])
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect(await people.audited(id)).toHaveLength(1)
    })

    it.each<[string, string, () => Principal]>([
      ['an admin', 'INSUFFICIENT_PERMISSIONS', () => admin],
      ['a member', 'INSUFFICIENT_PERMISSIONS', () => member],
    ])('by %s is refused, though it was let in as an owner a moment ago', async (_who, code, by) => {
      await expect(remove(by())).rejects.toEqual(refused(code))
      expect(await people.roles(id)).toEqual(rolesBefore())
      expect(await people.audited(id)).toEqual([])
    })
  })

  it('is not renamed by who may no longer, though it was let in a moment ago', async () => {
    const rename = (by: Principal) => updateOrganization(domain.context, id, actorOf(by), { name: 'Mine' })
    await expect(rename(member)).rejects.toEqual(refused('INSUFFICIENT_PERMISSIONS'))
    await expect(rename(await domain.signUp())).rejects.toEqual(refused('FORBIDDEN'))
    expect(await people.audited(id)).toEqual([])
  })

  describe('takes no slug that could be taken for the service itself', () => {
    const slugTaken = expect.objectContaining({ code: 'CONFLICT', detail: { conflictField: 'slug' } })
    const create = (name: string, slug?: string) =>
      createOrganization(domain.context, actorOf(owner), { name, slug })

    it.each(['admin', 'api', 'ad-min', 'invites', 'sandbox'])('as %s, asked for', async slug => {
      await expect(create('Mine', slug)).rejects.toEqual(slugTaken)
      await expect(updateOrganization(domain.context, id, actorOf(owner), { slug })).rejects.toEqual(
        slugTaken,
      )
      expect(await people.audited(id)).toEqual([])
    })

    it.each([
      ['Support', /^support-\d{4,7}$/],
      ['***', /^organization-\d{4,7}$/],
    ])('derived from %s: there is a number behind it', async (name, slug) => {
      expect((await create(name)).slug).toMatch(slug)
    })

    it('but keeps one that it has from before', async () => {
      await domain.storage.organizations.update(id, { slug: 'security' })
      const change = { slug: 'security', name: 'Guards' }
      expect(await updateOrganization(domain.context, id, actorOf(owner), change)).toMatchObject(change)
      await domain.storage.organizations.update(id, { slug: id.toLowerCase() })
    })
  })
})
