import type { PermissionMap, ResourceDefinition } from '@snoop/sdk/contract'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import { organizationPeople } from '../members/testing/organization-people'
import type { Principal, SessionPrincipal } from '../principals/principal'
import { rotateApiKey } from './rotate-api-key'
import { updateApiKey } from './update-api-key'

const field = (name: string) =>
  ({ name, type: 'string', required: false, unique: false, sortable: false }) as const
const ofFile: ResourceDefinition = { name: 'invoices', fields: [field('amount')] }

describeOnEachEngine('the permissions of a key', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  let home: string
  let other: string
  beforeAll(async () => {
    domain = createTestDomain(await open(), { maxKeysPerAccount: 1000, resources: [ofFile] })
    owner = await domain.signUp()
    home = await domain.foundOrganization({ [owner.userId]: 'owner' })
    domain.advance(1000)
    other = await domain.foundOrganization({ [owner.userId]: 'member' })
    await define(home, 'constructor', 'prototype')
    await define(other, 'ships', 'mast')
  })
  const define = async (organizationId: string, name: string, ofIt: string) => {
    const definition: ResourceDefinition = { name, fields: [field(ofIt)] }
    const dates = { created_at: domain.now(), updated_at: domain.now() }
    const row = { organization_id: organizationId, name, definition: JSON.stringify(definition), ...dates }
    await domain.engine.db.insertInto('resources').values(row).execute()
  }
  const make = (permissions: PermissionMap | null, pin?: string, by: Principal = owner) =>
    domain.createKey(by, {
      format: by.kind === 'session' ? 'sna' : 'ba',
      scopes: [],
      permissions,
      metadata: pin === undefined ? null : { organizationId: pin },
    })
  /** Names of the fields that it is refused for, and why; undefined if it is done. */
  const problems = async (act: Promise<unknown>): Promise<Record<string, string> | undefined> => {
    try {
      await act
      return undefined
    } catch (error) {
      const { code, detail } = error as {
        code: string
        detail: { fields: { field: string; error: string }[] }
      }
      if (code !== 'VALIDATION_ERROR') throw error
      return Object.fromEntries(detail.fields.map(({ field, error }) => [field, error]))
    }
  }

  it('are kept as they were given, and are what a request with the key has', async () => {
    const permissions: PermissionMap = {
      posts: { read: ['id', 'title', 'body'], create: ['title', 'body'] },
      users: { read: ['id', 'email'] },
      invoices: { delete: [] },
    }
    const { row, key } = await make(permissions)
    expect(JSON.parse(row.permissions ?? '')).toEqual(permissions)
    expect(await domain.principalOf(key)).toMatchObject({ permissions })
    expect((await make(null)).row.permissions).toBeNull()
    expect((await make({})).row.permissions).toBe('{}')
  })

  it('that name what there is not are refused, each by its name, with what there is', async () => {
    const found = await problems(
      make({
        posts: { read: ['title', 'secret', 'author'] },
        comments: { fly: ['text'] },
        ghosts: { read: ['id'] },
        users: { read: ['email'] },
        invoices: { create: ['id'] },
      } as PermissionMap),
    )
    expect(found).toEqual({
      'permissions.posts.read':
        'Unknown: "secret", "author"; the fields are id, created_at, updated_at, title, body, status, author_id',
      'permissions.comments.fly': 'Unknown action; there are create, read, update, delete',
      'permissions.ghosts':
        'Unknown resource; there are posts, comments, projects, users, invoices, constructor',
      'permissions.invoices.create': 'Unknown: "id"; the fields are amount',
    })
  })

  it('are checked where the key acts: in the organization of its pin, else in the oldest of its user', async () => {
    const ships: PermissionMap = { ships: { read: ['mast'] } }
    expect(Object.keys((await problems(make(ships))) ?? {})).toEqual(['permissions.ships'])
    expect(Object.keys((await problems(make(ships, home))) ?? {})).toEqual(['permissions.ships'])
    expect(await problems(make(ships, other))).toBeUndefined()
    const { row } = await make(null, other)
    expect(
      (await updateApiKey(domain.context, actorOf(owner), row.id, { permissions: ships })).permissions,
    ).toBe(JSON.stringify(ships))
    const unpinned = await make(null)
    expect(
      await problems(updateApiKey(domain.context, actorOf(owner), unpinned.row.id, { permissions: ships })),
    ).toHaveProperty(['permissions.ships'])
  })

  it('name nothing for somebody who belongs to no organization', async () => {
    const loner = await domain.signUp()
    expect(await problems(make({ posts: { read: [] } }, undefined, loner))).toEqual({
      permissions: 'You belong to no organization, so there are no resources to name',
    })
    expect(await problems(make({}, undefined, loner))).toBeUndefined()
  })

  describe('with names that are no plain words', () => {
    const NAMES = [
      '__proto__',
      'toString',
      'hasOwnProperty',
      'posts\0',
      '\0',
      'p\u043ests',
      '\ud800',
      'POSTS',
      ' posts',
    ]

    it.each(NAMES)('%j: is an unknown resource, action or field like any other', async name => {
      const map = (text: string) => JSON.parse(text) as PermissionMap
      const quoted = JSON.stringify(name)
      expect(await problems(make(map(`{${quoted}:{"read":["id"]}}`)))).toHaveProperty([`permissions.${name}`])
      expect(await problems(make(map(`{"posts":{${quoted}:["id"]}}`)))).toHaveProperty([
        `permissions.posts.${name}`,
      ])
      expect(await problems(make(map(`{"posts":{"read":[${quoted}]}}`)))).toHaveProperty([
        'permissions.posts.read',
      ])
      expect(({} as Record<string, unknown>).read).toBeUndefined()
    })

    it('constructor is the resource that was given this name, and nothing else', async () => {
      const permissions: PermissionMap = { constructor: { read: ['prototype'] } } as never
      const { row, key } = await make(permissions)
      expect(row.permissions).toBe('{"constructor":{"read":["prototype"]}}')
      expect((await domain.principalOf(key)).permissions).toEqual(permissions)
      expect(await problems(make({ constructor: { read: ['name'] } } as never))).toHaveProperty([
        'permissions.constructor.read',
      ])
      expect(await problems(make({ constructor: { read: [] } } as never, other))).toHaveProperty([
        'permissions.constructor',
      ])
    })
  })

  describe('by a key', () => {
    const own: PermissionMap = { posts: { read: ['title'], update: ['title', 'body'] } }
    let maker: Principal
    let makerId: string
    beforeEach(async () => {
      const { key, row } = await domain.createKey(owner, { permissions: own })
      maker = await domain.principalOf(key)
      makerId = row.id
    })
    const wider: [string, PermissionMap][] = [
      ['another resource', { comments: { read: ['text'] } }],
      ['another action', { posts: { delete: [] } }],
      ['another field', { posts: { read: ['title', 'body'] } }],
      ['rows of another', { posts: { create: [] } }],
    ]

    it.each(wider)('are not given to a new key with %s', async (_what, map) => {
      expect(await problems(make(map, undefined, maker))).toHaveProperty('permissions')
    })

    it.each(wider)('are not widened by %s, of itself or of what it made', async (_what, map) => {
      const { row } = await make({ posts: { read: [] } }, undefined, maker)
      for (const id of [makerId, row.id]) {
        const change = updateApiKey(domain.context, actorOf(maker), id, { permissions: map })
        expect(await problems(change)).toHaveProperty('permissions')
      }
    })

    it('are narrowed, given in part, or left out', async () => {
      const made = await make({ posts: { read: ['id', 'title', 'created_at'] } }, undefined, maker)
      const by = actorOf(maker)
      expect(await updateApiKey(domain.context, by, made.row.id, { permissions: own })).toBeDefined()
      const narrowed = await updateApiKey(domain.context, by, made.row.id, { permissions: {} })
      expect(narrowed.permissions).toBe('{}')
      const cleared = await updateApiKey(domain.context, by, made.row.id, { permissions: null })
      expect(cleared.permissions).toBeNull()
      expect((await make(null, undefined, maker)).row.permissions).toBeNull()
    })

    it('are none if it has none', async () => {
      const { key } = await domain.createKey(owner)
      const without = await domain.principalOf(key)
      for (const map of [own, ...wider.map(([, map]) => map), { posts: { read: [] } }])
        expect(await problems(make(map, undefined, without))).toHaveProperty('permissions')
      expect((await make(null, undefined, without)).row.permissions).toBeNull()
    })

    it('of a key that has more, are neither changed nor taken over by a rotation', async () => {
      const { row } = await domain.createKey(owner, { permissions: { posts: { read: ['title', 'body'] } } })
      const by = actorOf(maker)
      const rotation = { gracePeriodSeconds: 0, expiresInSeconds: undefined, requestKey: undefined }
      for (const act of [
        () => updateApiKey(domain.context, by, row.id, { name: 'x' }),
        () => rotateApiKey(domain.context, by, { keyId: row.id, ...rotation }),
      ])
        expect(await problems(act())).toHaveProperty('permissions')
    })
  })

  it('are changed for the next request, and the log says that they were, not what they are', async () => {
    const { row, key } = await make({ posts: { read: ['title'] } }, home)
    const change = { permissions: { comments: { read: ['text'] } }, enabled: false, refillAmount: null }
    await updateApiKey(domain.context, actorOf(owner), row.id, change)
    expect(await domain.isAccepted(key)).toBe(false)
    await updateApiKey(domain.context, actorOf(owner), row.id, { enabled: true })
    expect(await domain.principalOf(key)).toMatchObject({ permissions: change.permissions })
    const acts = await organizationPeople(domain).audited(home)
    expect(acts.filter(({ resource }) => resource === row.id).map(({ details }) => details)).toEqual([
      { name: 'test key', scopes: [], format: 'sna' },
      { fields: ['permissions', 'enabled', 'refillAmount'] },
      { fields: ['enabled'] },
    ])
  })

  it('are nothing for a key that reaches no resources', async () => {
    const { row } = await domain.createKey(owner, { format: 'snpy', scopes: [] })
    for (const permissions of [{}, { posts: { read: [] } }]) {
      const change = updateApiKey(domain.context, actorOf(owner), row.id, { permissions })
      expect(await problems(change)).toHaveProperty('permissions')
      expect(
        await problems(domain.createKey(owner, { format: 'snt', scopes: [], permissions })),
      ).toHaveProperty('permissions')
    }
    expect(await updateApiKey(domain.context, actorOf(owner), row.id, { permissions: null })).toMatchObject({
      permissions: null,
    })
  })
})
