import type { ResourceDefinition } from '@snoop/sdk/contract'
import { beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import type { TestDomain } from '../../testing/test-domain'
import type { Principal, SessionPrincipal } from '../principals/principal'
import { field, rule, setUpNotes } from './testing/set-up-notes'

describeOnEachEngine('the rights to rows: they', open => {
  const {
    kit,
    all,
    by,
    change,
    create,
    define,
    get,
    keyWith,
    lacks,
    list,
    notFound,
    remove,
    titles,
    valuesOf,
    where,
  } = setUpNotes(open)
  let domain: TestDomain
  let owner: SessionPrincipal
  let member: SessionPrincipal
  beforeAll(() => {
    ;({ domain, owner, member } = kit)
  })

  it('show each member what its rules leave of each row, also when it filters and sorts', async () => {
    const mine = await create(member, { title: 'mine', secret: 'b', is_shared: false })
    const shared = await create(owner, { title: 'shared', secret: 'a', is_shared: true })
    const hidden = await create(owner, { title: 'hidden', secret: 'a' })
    expect(valuesOf(await get(member, shared.id))).toEqual({ title: 'shared', is_shared: true, owner: null })
    expect(valuesOf(await get(member, mine.id))).toMatchObject({ secret: 'b', owner: member.userId })
    await expect(get(member, hidden.id)).rejects.toEqual(notFound)
    expect(await titles(member, by('title'))).toEqual(['mine', 'shared'])
    expect((await list(member)).total).toBe(2)
    // The secret of a shared note is not to be guessed by filters or by order.
    expect(await titles(member, where('secret', 'eq', 'a'))).toEqual([])
    expect(await titles(member, where('secret', 'neq', 'x'))).toEqual(['mine'])
    expect(await titles(member, where('secret', 'is_null', 'true'))).toEqual([])
    expect(await titles(member, by('secret'))).toEqual(['mine', 'shared'])
    expect(await titles(member, by('secret', true))).toEqual(['mine', 'shared'])
    expect(await titles(owner, by('secret'))).toEqual(['shared', 'hidden', 'mine'])
  })

  it('are filtered and sorted by readable fields alone', async () => {
    const key = await keyWith(owner, { notes: { read: ['title'] } })
    await expect(list(key, where('secret', 'eq', 'a'))).rejects.toEqual(lacks('notes:read:secret'))
    await expect(list(key, by('secret'))).rejects.toEqual(lacks('notes:read:secret'))
    await expect(list(key, by('number'))).rejects.toEqual(lacks('notes:read:number'))
    expect(await titles(key, { ...where('id', 'neq', 'x'), ...by('created_at') })).toEqual([])
  })

  it('are written within the map of a key and the rules of the role, or not at all', async () => {
    const key = await keyWith(owner, { notes: { create: ['title'], update: ['title'], read: ['title'] } })
    await expect(create(key, { title: 'a', secret: 'x', code: 'y' })).rejects.toEqual(
      lacks('notes:create:secret', 'notes:create:code'),
    )
    const made = await create(key, { title: 'a' })
    expect(valuesOf(made)).toEqual({ title: 'a' })
    await change(owner, made.id, { secret: 'kept' })
    await expect(change(key, made.id, { title: 'b', secret: 'x' })).rejects.toEqual(
      lacks('notes:update:secret'),
    )
    await expect(change(key, made.id, { title: 'b', secret: 'kept' }, 'replace')).rejects.toEqual(
      lacks('notes:update:secret'),
    )
    await expect(remove(key, made.id)).rejects.toEqual(lacks('notes:delete'))
    expect(valuesOf(await get(owner, made.id))).toMatchObject({ title: 'a', secret: 'kept' })
    await change(key, made.id, { title: 'b' }, 'replace')
    expect(valuesOf(await get(owner, made.id))).toMatchObject({ title: 'b', secret: 'kept' })
    const blind = await keyWith(owner, { notes: { create: ['title', 'secret'] } })
    const unseen = await create(blind, { title: 'c', secret: 'd' })
    expect(valuesOf(unseen)).toEqual({})
    await expect(get(blind, unseen.id)).rejects.toEqual(lacks('notes:read'))
    await expect(list(await keyWith(owner, {}))).rejects.toEqual(lacks('notes:read'))
  })

  it('belong to who makes them where a rule says so, and stay', async () => {
    const mine = await create(member, { title: 'mine' })
    expect(mine.values.get('owner')).toBe(member.userId)
    await expect(create(member, { title: 'x', owner: owner.userId })).rejects.toEqual(
      lacks('notes:create:owner'),
    )
    await expect(create(member, { title: 'x', owner: null })).rejects.toEqual(lacks('notes:create:owner'))
    await expect(change(member, mine.id, { owner: owner.userId })).rejects.toEqual(
      lacks('notes:update:owner'),
    )
    await expect(change(member, mine.id, { title: 'forbidden' })).rejects.toEqual(lacks('notes:update:title'))
    const replaced = await change(member, mine.id, { title: 'replaced' }, 'replace')
    expect(valuesOf(replaced)).toMatchObject({ title: 'replaced', owner: member.userId })
    expect(await all()).toHaveLength(1)
  })

  it('that a member may read but not change are not there to be changed', async () => {
    const { id } = await create(owner, { title: 'a', is_shared: true, secret: 's' })
    await expect(remove(member, id)).rejects.toEqual(notFound)
    await expect(change(member, id, { secret: 'x' })).rejects.toEqual(lacks('notes:update:secret'))
    expect(valuesOf(await change(member, id, { title: 'b' }))).toEqual({
      title: 'b',
      is_shared: true,
      owner: null,
    })
    await change(owner, id, { is_shared: false })
    await expect(change(member, id, { title: 'c' })).rejects.toEqual(notFound)
    expect(valuesOf(await get(owner, id))).toMatchObject({ title: 'b', secret: 's' })
  })

  it('are no business of a role that was narrowed since the request was let in', async () => {
    const { id } = await create(owner, { title: 'a' })
    const { db } = domain.engine
    const setRole = (role: string) =>
      db
        .updateTable('memberships')
        .set({ role })
        .where('organization_id', '=', kit.organizationId)
        .where('user_id', '=', owner.userId)
        .execute()
    await setRole('member')
    await expect(change(owner, id, { title: 'b' })).rejects.toEqual(notFound)
    await expect(remove(owner, id)).rejects.toEqual(notFound)
    await expect(create(owner, { title: 'b', owner: 'x' })).rejects.toEqual(lacks('notes:create:owner'))
    await setRole('admin')
    await expect(remove(owner, id)).rejects.toEqual(lacks('notes:delete'))
    await db
      .deleteFrom('memberships')
      .where('organization_id', '=', kit.organizationId)
      .where('user_id', '=', owner.userId)
      .execute()
    await expect(remove(owner, id)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(await all()).toHaveLength(1)
  })

  it('of another organization are not there', async () => {
    const { id } = await create(owner, { title: 'a', code: 'one' })
    const before = kit.organizationId
    kit.organizationId = await domain.foundOrganization({ [owner.userId]: 'owner' })
    await define()
    for (const attempt of [get, remove, (who: Principal) => change(who, id, { title: 'x' })])
      await expect(attempt(owner, id)).rejects.toEqual(notFound)
    expect(await list(owner)).toEqual({ items: [], total: 0 })
    expect((await create(owner, { title: 'b', code: 'one' })).values.get('code')).toBe('one')
    kit.organizationId = before
    expect(await titles(owner)).toEqual(['a'])
  })

  it('answer to what the caller is now, by address and role too', async () => {
    const claim = (claim: 'email' | 'role' | 'organizationId') => [
      { field: 'owner', op: 'eq' as const, claim },
    ]
    const definition: ResourceDefinition = {
      name: 'claims',
      fields: [field('owner')],
      rules: [
        rule('owner', 'create'),
        rule('member', 'read', { filters: claim('email') }),
        rule('member', 'read', { filters: claim('role') }),
        rule('member', 'read', { filters: claim('organizationId') }),
        rule('member', 'read', { filters: [{ field: 'gone', op: 'neq', value: 'x' }] }),
      ],
    }
    await define(definition)
    const email = `${member.userId}@example.com`.toLowerCase()
    for (const owned of [email, 'member', kit.organizationId, 'admin', 'other@example.com', null])
      await create(owner, { owner: owned }, 'claims')
    const { items } = await list(member, by('owner'), 'claims')
    expect(new Set(items.map(({ values }) => values.get('owner')))).toEqual(
      new Set([email, 'member', kit.organizationId]),
    )
  })
})
