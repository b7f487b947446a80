import { beforeAll, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import type { TestDomain } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { setUpNotes } from './testing/set-up-notes'

describeOnEachEngine('rows of the native API', open => {
  const { kit, by, change, create, get, lacks, list, notFound, remove, valuesOf, where } = setUpNotes(open)
  let domain: TestDomain
  let owner: SessionPrincipal
  let member: SessionPrincipal
  beforeAll(() => {
    ;({ domain, owner, member } = kit)
  })

  describe('of projects', () => {
    it('are the projects of the native API, by its rules', async () => {
      const made = await create(owner, { name: 'Engine', website: 'https://example.com' }, 'projects')
      expect(valuesOf(made)).toMatchObject({
        name: 'Engine',
        slug: 'engine',
        status: 'draft',
        timezone: 'UTC',
        created_by_user_id: owner.userId,
      })
      expect(await domain.storage.projects.find(kit.organizationId, made.id)).toMatchObject({
        slug: 'engine',
      })
      const again = await create(owner, { name: 'Engine' }, 'projects')
      expect(again.values.get('slug')).toMatch(/^engine-\d+$/)
      await expect(create(owner, { name: 'x', slug: 'engine' }, 'projects')).rejects.toMatchObject({
        code: 'CONFLICT',
        detail: { conflictField: 'slug' },
      })
      await expect(change(owner, again.id, { slug: 'engine' }, 'update', 'projects')).rejects.toMatchObject({
        code: 'CONFLICT',
      })
      const replaced = await change(owner, made.id, { name: 'New' }, 'replace', 'projects')
      expect(valuesOf(replaced)).toMatchObject({
        name: 'New',
        slug: 'engine',
        website: null,
        status: 'draft',
      })
      await expect(create(owner, { name: 'x', created_by_user_id: 'y' }, 'projects')).rejects.toEqual(
        lacks('projects:create:created_by_user_id'),
      )
      const found = await list(owner, { ...where('slug', 'like', 'engine-%'), ...by('name') }, 'projects')
      expect(found.items.map(({ id }) => id)).toEqual([again.id])
      await remove(owner, again.id, 'projects')
      await expect(get(owner, again.id, 'projects')).rejects.toEqual(notFound)
      const actions = await domain.engine.db
        .selectFrom('audit_events')
        .select('action')
        .where('organization_id', '=', kit.organizationId)
        .orderBy('sequence')
        .execute()
      expect(actions.map(({ action }) => action)).toEqual([
        'project.created',
        'project.created',
        'project.updated',
        'project.deleted',
      ])
    })
  })

  describe('of users', () => {
    it('are the members, to be read', async () => {
      const { items, total } = await list(member, where('role', 'eq', 'owner'), 'users')
      expect([total, items.map(({ id }) => id)]).toEqual([1, [owner.userId]])
      expect(valuesOf(await get(member, owner.userId, 'users'))).toMatchObject({ role: 'owner' })
      const stranger = await domain.signUp()
      await expect(get(owner, stranger.userId, 'users')).rejects.toEqual(notFound)
      await expect(create(owner, { email: 'a@example.com' }, 'users')).rejects.toEqual(lacks('users:create'))
      await expect(remove(owner, member.userId, 'users')).rejects.toEqual(lacks('users:delete'))
    })
  })
})
