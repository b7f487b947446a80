import type { ResourceDefinition, ResourceField } from '@snoop/sdk/contract'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import type { Stores } from '../../storage/storage'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf, createTestDomain, type TestDomain } from '../../testing/test-domain'
import type { Principal, SessionPrincipal } from '../principals/principal'
import { createRow } from '../rows/create-row'
import { getRow } from '../rows/get-row'
import { createResource } from './create-resource'
import { deleteResource } from './delete-resource'
import { listResources } from './find-resource'
import { showResource, showResources } from './show-resource'
import { updateResource } from './update-resource'

const field = (name: string, details: Partial<ResourceField> = {}): ResourceField => ({
  name,
  type: 'string',
  required: false,
  unique: false,
  sortable: false,
  ...details,
})

const notes = (details: Partial<ResourceDefinition> = {}): ResourceDefinition => ({
  name: 'notes',
  fields: [field('title'), field('count', { type: 'number' })],
  ...details,
})

describeOnEachEngine('the resources of an organization', open => {
  let domain: TestDomain
  let owner: SessionPrincipal
  let member: SessionPrincipal
  let organizationId: string

  beforeAll(async () => {
    const ofFile: ResourceDefinition = { name: 'cars', fields: [field('maker')] }
    domain = createTestDomain(await open(), { resources: [ofFile], maxKeysPerAccount: 1000 })
    owner = await domain.signUp()
    member = await domain.signUp()
  })
  beforeEach(async () => {
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner', [member.userId]: 'member' })
  })

  const create = (definition = notes(), by: Principal = owner) =>
    createResource(domain.context, actorOf(by), organizationId, definition)
  const update = (fields: ResourceField[], rest: Partial<ResourceDefinition> = {}) =>
    updateResource(domain.context, actorOf(owner), organizationId, notes({ fields, ...rest }))
  const remove = (name: string, by: Principal = owner) =>
    deleteResource(domain.context, actorOf(by), organizationId, name)
  const addRow = (body: Record<string, unknown>) =>
    createRow(domain.context, actorOf(owner), organizationId, 'notes', body)
  const read = async (id: string) => {
    const row = await getRow(domain.context, { principal: owner, organizationId, role: 'owner' }, 'notes', id)
    return Object.fromEntries(row.values)
  }
  const names = async () =>
    (await listResources(domain.context, organizationId)).map(resource => resource.name)
  const refused = (code: string) => expect.objectContaining({ code })
  const auditOf = async () =>
    (
      await domain.engine.db
        .selectFrom('audit_events')
        .select(['action', 'resource_id', 'details'])
        .where('organization_id', '=', organizationId)
        .where('resource_type', '=', 'resource')
        .orderBy('sequence')
        .execute()
    ).map(({ action, resource_id, details }) => `${action} ${resource_id} ${details}`)

  it('are there from their definition to their deletion, for it alone, and its audit log tells it', async () => {
    const fixed = ['posts', 'comments', 'projects', 'users', 'cars']
    expect(await names()).toEqual(fixed)
    // The log tells names of fields, and no value of theirs.
    const secret = [{ field: 'title', op: 'eq' as const, value: 'hush' }]
    const rules = [
      { role: 'member' as const, action: 'read' as const, fields: '*' as const, filters: secret, checks: [] },
    ]
    await create(
      notes({ name: 'zebras', rules, fields: [field('title', { type: 'enum', values: ['hush'] })] }),
    )
    const made = await create()
    expect(made).toMatchObject({ name: 'notes', origin: 'organization' })
    expect(made.rules.map(({ role, action }) => `${role} ${action}`)).toContain('member read')
    expect(await names()).toEqual([...fixed, 'notes', 'zebras'])
    await update([field('title')])
    await remove('zebras')
    expect(await names()).toEqual([...fixed, 'notes'])
    expect(await auditOf()).toEqual([
      'resource.created zebras {"fields":["title"]}',
      'resource.created notes {"fields":["title","count"]}',
      'resource.updated notes {"fields":["title"]}',
      'resource.deleted zebras {}',
    ])
    organizationId = await domain.foundOrganization({ [owner.userId]: 'owner' })
    expect(await names()).toEqual(fixed)
  })

  it('have names of their own; those that are not its own stay as they are', async () => {
    await create()
    for (const name of ['notes', 'posts', 'users', 'cars'])
      await expect(create(notes({ name }))).rejects.toEqual(refused('CONFLICT'))
    for (const name of ['posts', 'projects', 'cars']) {
      await expect(remove(name)).rejects.toEqual(refused('CONFLICT'))
      const change = updateResource(domain.context, actorOf(owner), organizationId, notes({ name }))
      await expect(change).rejects.toEqual(refused('CONFLICT'))
    }
    await expect(remove('nothing')).rejects.toThrow('There is no resource nothing; there are posts, comments')
  })

  it('defined 20 at once with one name are one', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => create()))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toEqual(refused('CONFLICT'))
  })

  it('are at most a hundred', async () => {
    const definition = JSON.stringify(notes())
    for (let n = 0; n < 99; n++) {
      await domain.storage.resources.insert({
        organization_id: organizationId,
        name: `made_${n}`,
        definition,
        created_at: 0,
        updated_at: 0,
      })
    }
    await create()
    await expect(create(notes({ name: 'one_more' }))).rejects.toEqual(refused('CONFLICT'))
    await remove('made_1')
    await create(notes({ name: 'one_more' }))
  })

  it('are defined by owners and admins, with a session or a key that has all of their role', async () => {
    await expect(create(notes(), member)).rejects.toEqual(refused('INSUFFICIENT_PERMISSIONS'))
    await expect(create(notes(), await domain.signUp())).rejects.toEqual(refused('FORBIDDEN'))
    const keyOf = async (format: 'ba' | 'sna', permissions: Record<string, object> | null) =>
      domain.principalOf((await domain.createKey(owner, { format, scopes: [], permissions })).key)
    for (const key of [
      await keyOf('ba', null),
      await keyOf('ba', { posts: { read: ['id'] } }),
      await keyOf('sna', { posts: { read: ['id'] } }),
      await keyOf('sna', {}),
    ]) {
      await expect(create(notes(), key)).rejects.toEqual(refused('NO_PERMISSIONS'))
      await expect(remove('notes', key)).rejects.toEqual(refused('NO_PERMISSIONS'))
    }
    const whole = await keyOf('sna', null)
    await create(notes(), whole)
    await remove('notes', whole)
  })

  it('are not defined unsoundly', async () => {
    await expect(
      create(notes({ fields: [field('id'), field('a', { type: 'enum' })] })),
    ).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      detail: { fields: [{ field: 'fields.0.name' }, { field: 'fields.1.values' }] },
    })
    await create()
    await expect(update([field('a'), field('a')])).rejects.toEqual(refused('VALIDATION_ERROR'))
  })

  it('changed keep the values of their rows, also those of fields that are out for a while', async () => {
    await create()
    const { id } = await addRow({ title: 'a', count: 1 })
    await update([field('title'), field('body', { required: true })])
    expect(await read(id)).toEqual({ title: 'a', body: null })
    await expect(addRow({ title: 'b' })).rejects.toEqual(refused('VALIDATION_ERROR'))
    await update([field('title'), field('count', { type: 'number' })])
    expect(await read(id)).toEqual({ title: 'a', count: 1 })
  })

  it('changed are answered as they were written, also if somebody deletes them at once', async () => {
    await create()
    const storage = {
      ...domain.storage,
      transaction: async <T>(work: (stores: Stores) => Promise<T>) => {
        const result = await domain.storage.transaction(work)
        await domain.storage.resources.delete(organizationId, 'notes')
        return result
      },
    }
    const definition = notes({ fields: [field('body')] })
    const changed = await updateResource(
      { ...domain.context, storage },
      actorOf(owner),
      organizationId,
      definition,
    )
    expect(changed).toMatchObject({ ...definition, origin: 'organization' })
    expect(await names()).not.toContain('notes')
  })

  it('change the type of a field only while there are no rows', async () => {
    await create()
    await update([field('title', { type: 'number' })])
    await update([field('title')])
    await addRow({ title: 'a' })
    await expect(update([field('title', { type: 'number' })])).rejects.toEqual(refused('CONFLICT'))
    await update([field('body')])
    await expect(update([field('title', { type: 'number' })])).rejects.toEqual(refused('CONFLICT'))
    await update([field('title', { type: 'text' })])
  })

  it('have a unique field from then on that no two rows collide in', async () => {
    await create()
    await addRow({ title: 'a', count: 1 })
    await addRow({ title: 'b', count: 1 })
    const unique = (...which: string[]) => [
      field('title', { unique: which.includes('title') }),
      field('count', { type: 'number', unique: which.includes('count') }),
    ]
    await expect(update(unique('count'))).rejects.toThrow('There are rows with the same count')
    await update(unique('title'))
    await expect(addRow({ title: 'a' })).rejects.toEqual(refused('CONFLICT'))
    await addRow({ title: null })
    await addRow({ title: null })
    await update(unique())
    await addRow({ title: 'a' })
    await expect(update(unique('title'))).rejects.toEqual(refused('CONFLICT'))
    expect((await listResources(domain.context, organizationId)).at(-1)?.fields[0]?.unique).toBe(false)
  })

  it('have a field made unique over more rows than are read at once', async () => {
    await create()
    const rows = Array.from({ length: 1001 }, (_, n) => ({
      organization_id: organizationId,
      resource: 'notes',
      id: `row-${String(n).padStart(4, '0')}`,
      data: JSON.stringify({ title: n === 1000 ? 'title 0' : `title ${n}` }),
      created_at: 0,
      updated_at: 0,
    }))
    await domain.storage.transaction(async stores => {
      for (const row of rows) await stores.resourceRows.insert(row)
    })
    await expect(update([field('title', { unique: true })])).rejects.toEqual(refused('CONFLICT'))
    await domain.storage.resourceRows.delete(organizationId, 'notes', 'row-1000')
    await update([field('title', { unique: true })])
    await expect(addRow({ title: 'title 999' })).rejects.toEqual(refused('CONFLICT'))
  })

  it('deleted take their rows along; one of the same name begins with none', async () => {
    await create(notes({ fields: [field('title', { unique: true })] }))
    const { id } = await addRow({ title: 'a' })
    await remove('notes')
    await create(notes({ fields: [field('title', { unique: true })] }))
    await expect(read(id)).rejects.toEqual(refused('NOT_FOUND'))
    await addRow({ title: 'a' })
  })

  it('are seen with their rules by those who may define them, else as far as role and key go', async () => {
    await create(
      notes({
        rules: [
          { role: 'member', action: 'read', fields: ['title'], filters: [], checks: [] },
          { role: 'admin', action: 'delete', fields: '*', filters: [], checks: [] },
        ],
      }),
    )
    await create(notes({ name: 'secrets', rules: [] }))
    const asOwner = { organizationId, role: 'owner' } as const
    const asMember = { organizationId, role: 'member' } as const
    const seen = async (principal: Principal, tenant: typeof asOwner | typeof asMember) =>
      (await showResources(domain.context, principal, tenant)).map(
        ({ name, fields, rules }) =>
          `${name}: ${fields.map(field => field.name)}${rules ? ' and rules' : ''}`,
      )
    const ofOwner = await seen(owner, asOwner)
    expect(ofOwner).toHaveLength(7)
    expect(ofOwner).toContain('secrets: title,count and rules')
    const ofMember = await seen(member, asMember)
    expect(ofMember).toContain('notes: title')
    expect(ofMember).toContain('comments: text,post_id,author_id')
    expect(ofMember.filter(line => /secrets|rules/.test(line))).toEqual([])
    await expect(showResource(domain.context, member, asMember, 'secrets')).rejects.toEqual(
      refused('INSUFFICIENT_PERMISSIONS'),
    )
    const permissions = { posts: { read: ['title'], create: ['body'] }, notes: { read: ['count'] } }
    const metadata = { organizationId }
    const { key } = await domain.createKey(member, { format: 'sna', scopes: [], permissions, metadata })
    expect(await seen(await domain.principalOf(key), asMember)).toEqual(['posts: title,body', 'notes: '])
    const { key: native } = await domain.createKey(owner, { format: 'ba' })
    expect(await seen(await domain.principalOf(native), asOwner)).toEqual([])
  })
})
