import type { PermissionMap, ResourceDefinition, ResourceField, ResourceRule } from '@snoop/sdk/contract'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { ApiKeyPrincipal, Principal, SessionPrincipal } from '../principals/principal'
import { changeRow, type RowChange } from './change-row'
import { createRow } from './create-row'
import { deleteRow } from './delete-row'
import { getRow } from './get-row'
import { listRows } from './list-rows'
import type { Row } from './row'
import type { AskedRows } from './row-query'

const field = (name: string, options: Partial<ResourceField> = {}): ResourceField => ({
  name,
  type: 'string',
  required: false,
  unique: false,
  sortable: true,
  ...options,
})
const rule = (
  role: ResourceRule['role'],
  action: ResourceRule['action'],
  limits: Partial<ResourceRule> = {},
): ResourceRule => ({ role, action, fields: '*', filters: [], checks: [], ...limits })
const OWN = [{ field: 'owner', op: 'eq' as const, claim: 'id' as const }]

/** A member reads its own notes in full, and of those that are shared all but the secret. */
const notes: ResourceDefinition = {
  name: 'notes',
  fields: [
    field('title', { required: true }),
    field('code', { unique: true }),
    field('number', { type: 'number', unique: true }),
    field('secret'),
    field('is_shared', { type: 'boolean' }),
    field('owner'),
    field('data', { type: 'json', sortable: false }),
  ],
  rules: [
    rule('owner', 'read'),
    rule('owner', 'create'),
    rule('owner', 'update'),
    rule('owner', 'delete'),
    rule('member', 'read', { filters: OWN }),
    rule('member', 'read', {
      fields: ['title', 'is_shared', 'owner'],
      filters: [{ field: 'is_shared', op: 'eq', value: true }],
    }),
    rule('member', 'create', { checks: OWN }),
    rule('member', 'update', {
      filters: OWN,
      checks: [...OWN, { field: 'title', op: 'neq', value: 'forbidden' }],
    }),
    rule('member', 'update', {
      fields: ['title'],
      filters: [{ field: 'is_shared', op: 'eq', value: true }],
    }),
    rule('member', 'delete', { filters: OWN }),
  ],
}

const everything: AskedRows = { conditions: [], sort: [], limit: 50, offset: 0 }

describeOnEachEngine('rows', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  let member: SessionPrincipal
  let organizationId: string
  beforeAll(async () => {
    domain = createTestDomain(await open())
    owner = await domain.signUp()
    member = await domain.signUp()
  })
  beforeEach(async () => {
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner', [member.userId]: 'member' })
    await domain.storage.resources.insert({
      organization_id: organizationId,
      name: 'notes',
      definition: JSON.stringify(notes),
      created_at: 0,
      updated_at: 0,
    })
  })

  const roleOf = (by: Principal) => (by.userId === owner.userId ? 'owner' : 'member')
  const callerOf = (by: Principal) => ({ principal: by, organizationId, role: roleOf(by) }) as const
  const create = (by: Principal, body: object, resource = 'notes') =>
    createRow(domain.context, actorOf(by), organizationId, resource, body as Record<string, unknown>)
  const change = (by: Principal, id: string, body: object, how: RowChange = 'update', resource = 'notes') =>
    changeRow(domain.context, actorOf(by), organizationId, resource, id, how, body as Record<string, unknown>)
  const remove = (by: Principal, id: string, resource = 'notes') =>
    deleteRow(domain.context, actorOf(by), organizationId, resource, id)
  const get = (by: Principal, id: string, resource = 'notes') =>
    getRow(domain.context, callerOf(by), resource, id)
  const list = (by: Principal, asked: Partial<AskedRows> = {}, resource = 'notes') =>
    listRows(domain.context, callerOf(by), resource, { ...everything, ...asked })
  const titles = async (by: Principal, asked: Partial<AskedRows> = {}) =>
    (await list(by, asked)).items.map(({ values }) => values.get('title'))
  const where = (field: string, op: AskedRows['conditions'][number]['op'], text: string) => ({
    conditions: [{ parameter: `${field}__${op}`, field, op, text }],
  })
  const by = (field: string, isDescending = false) => ({
    sort: [{ parameter: '_sort', field, isDescending }],
  })
  const valuesOf = ({ values }: Row) => Object.fromEntries(values)
  const all = () =>
    domain.engine.db
      .selectFrom('resource_rows')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .execute()
  const lacks = (...missing: string[]) =>
    expect.objectContaining({ code: 'INSUFFICIENT_PERMISSIONS', detail: { required: missing, missing } })
  const wrong = (...fields: string[]) =>
    expect.objectContaining({
      code: 'VALIDATION_ERROR',
      detail: { fields: fields.map(field => expect.objectContaining({ field })) },
    })
  const notFound = expect.objectContaining({ code: 'NOT_FOUND' })
  const keyWith = async (by: Principal, permissions: PermissionMap | null): Promise<ApiKeyPrincipal> => {
    const { key } = await domain.createKey(by, { format: 'sna', scopes: [] })
    return { ...(await domain.principalOf(key)), permissions }
  }

  it('keep what they are given, each type in its one form', async () => {
    const values = {
      title: "Größe 東京 '; drop table--",
      number: 1.5e-20,
      is_shared: false,
      data: { a: [null, 1] },
    }
    const made = await create(owner, values)
    expect(valuesOf(made)).toEqual({ code: null, secret: null, owner: null, ...values })
    expect(await get(owner, made.id)).toEqual(made)
    domain.advance(5)
    const changed = await change(owner, made.id, { number: -0, secret: 'x' })
    expect(changed.updatedAt).toBe(made.updatedAt + 5)
    expect(valuesOf(changed)).toEqual({ ...valuesOf(made), number: 0, secret: 'x' })
    const replaced = await change(owner, made.id, { title: 'new' }, 'replace')
    expect(valuesOf(replaced)).toEqual({
      title: 'new',
      code: null,
      number: null,
      secret: null,
      is_shared: null,
      owner: null,
      data: null,
    })
    await remove(owner, made.id)
    for (const attempt of [get, remove, (who: Principal, id: string) => change(who, id, {})])
      await expect(attempt(owner, made.id)).rejects.toEqual(notFound)
  })

  it('refuse what they have no field for, what does not fit, and what is missing, and name it', async () => {
    await expect(create(owner, { title: 'a', nope: 1, id: 'x' })).rejects.toEqual(wrong('nope', 'id'))
    await expect(create(owner, { code: 'a' })).rejects.toEqual(wrong('title'))
    const { id } = await create(owner, { title: 'a' })
    await expect(change(owner, id, { title: null })).rejects.toEqual(wrong('title'))
    await expect(change(owner, id, { code: 'a' }, 'replace')).rejects.toEqual(wrong('title'))
    const misfits = {
      title: ['a\0', '\ud800', 1, ['a'], 'x'.repeat(10_001)],
      number: ['1', Number.POSITIVE_INFINITY, true],
      is_shared: ['true', 0],
      data: [{ 'a\0': 1 }, { a: ['\udfff'] }, { a: 'b\0' }, Number.POSITIVE_INFINITY],
    }
    for (const [name, list] of Object.entries(misfits))
      for (const value of list)
        await expect(change(owner, id, { [name]: value })).rejects.toEqual(wrong(name))
    expect(await all()).toHaveLength(1)
  })

  it('have values of their own in unique fields, which others get once they are free', async () => {
    const taken = (field: string) =>
      expect.objectContaining({ code: 'CONFLICT', detail: { conflictField: field } })
    const first = await create(owner, { title: 'a', code: 'one', number: 1 })
    const second = await create(owner, { title: 'b', code: 'two' })
    await expect(create(owner, { title: 'c', code: 'one' })).rejects.toEqual(taken('code'))
    await expect(change(owner, second.id, { number: 1 })).rejects.toEqual(taken('number'))
    expect(valuesOf(await get(owner, second.id))).toMatchObject({ code: 'two', number: null })
    await change(owner, first.id, { code: 'three', number: 1 })
    await change(owner, second.id, { code: 'one' })
    await remove(owner, first.id)
    await change(owner, second.id, { code: 'three', number: 1 })
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, () => create(owner, { title: 'x', code: 'race' })),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toEqual(taken('code'))
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
        .where('organization_id', '=', organizationId)
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
      .where('organization_id', '=', organizationId)
      .where('user_id', '=', owner.userId)
      .execute()
    await expect(remove(owner, id)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(await all()).toHaveLength(1)
  })

  it('of another organization are not there', async () => {
    const { id } = await create(owner, { title: 'a', code: 'one' })
    const before = organizationId
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner' })
    await domain.storage.resources.insert({
      organization_id: organizationId,
      name: 'notes',
      definition: JSON.stringify(notes),
      created_at: 0,
      updated_at: 0,
    })
    for (const attempt of [get, remove, (who: Principal) => change(who, id, { title: 'x' })])
      await expect(attempt(owner, id)).rejects.toEqual(notFound)
    expect(await list(owner)).toEqual({ items: [], total: 0 })
    expect((await create(owner, { title: 'b', code: 'one' })).values.get('code')).toBe('one')
    organizationId = before
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
    await domain.storage.resources.insert({
      organization_id: organizationId,
      name: 'claims',
      definition: JSON.stringify(definition),
      created_at: 0,
      updated_at: 0,
    })
    const email = `${member.userId}@example.com`.toLowerCase()
    for (const owned of [email, 'member', organizationId, 'admin', 'other@example.com', null])
      await create(owner, { owner: owned }, 'claims')
    const { items } = await list(member, by('owner'), 'claims')
    expect(new Set(items.map(({ values }) => values.get('owner')))).toEqual(
      new Set([email, 'member', organizationId]),
    )
  })

  it('are known to the audit log as far as who did what to which fields', async () => {
    const { id } = await create(owner, { title: 'a', secret: 'hush' })
    await change(owner, id, { secret: 'hush hush' })
    await remove(owner, id)
    const events = await domain.engine.db
      .selectFrom('audit_events')
      .select(['action', 'resource_type', 'resource_id', 'details', 'actor_id'])
      .where('organization_id', '=', organizationId)
      .orderBy('sequence')
      .execute()
    const entry = (action: string, fields: string[]) => ({
      action,
      resource_type: 'row',
      resource_id: id,
      details: JSON.stringify({ resource: 'notes', fields }),
      actor_id: owner.userId,
    })
    expect(events).toEqual([
      entry('row.created', ['title', 'secret']),
      entry('row.updated', ['secret']),
      entry('row.deleted', ['title', 'secret']),
    ])
  })

  it('are newest first, and any page of them can be had', async () => {
    for (let n = 0; n < 5; n++) {
      await create(owner, { title: `t${n}`, number: n % 3 === 2 ? null : 10 - n })
      domain.advance(1)
    }
    expect(await titles(owner)).toEqual(['t4', 't3', 't2', 't1', 't0'])
    expect(await titles(owner, by('number'))).toEqual(['t4', 't3', 't1', 't0', 't2'])
    expect(await titles(owner, by('number', true))).toEqual(['t0', 't1', 't3', 't4', 't2'])
    const page = await list(owner, { ...by('title'), limit: 2, offset: 3 })
    expect([page.items.map(({ values }) => values.get('title')), page.total]).toEqual([['t3', 't4'], 5])
    expect(await list(owner, { offset: 2_147_483_647 })).toEqual({ items: [], total: 5 })
  })

  it('that are long are listed too, as many at once as can be answered', async () => {
    const [size, count] = [1024 * 1024 - 10, 18]
    for (let n = 0; n < count; n++) {
      const data = { text: String.fromCharCode(97 + n).repeat(size) }
      const row = {
        organization_id: organizationId,
        resource: 'notes',
        id: `n${n}`,
        created_at: n,
        updated_at: n,
      }
      await domain.storage.resourceRows.insert({ ...row, data: JSON.stringify({ title: `t${n}`, data }) })
    }
    await create(owner, { title: 'short' })
    const { items, total } = await list(owner, { limit: 3 })
    expect([items.map(({ values }) => values.get('title')), total]).toEqual([
      ['short', 't17', 't16'],
      count + 1,
    ])
    expect(items[1]?.values.get('data')).toEqual({ text: 'r'.repeat(size) })
    await expect(list(owner)).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      message: expect.stringContaining('fewer'),
    })
    await expect(create(owner, { title: 'x', data: { text: 'x'.repeat(1024 * 1024) } })).rejects.toEqual(
      wrong('data'),
    )
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
      expect(await domain.storage.projects.find(organizationId, made.id)).toMatchObject({ slug: 'engine' })
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
        .where('organization_id', '=', organizationId)
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
