import { beforeAll, expect, it, vi } from 'vitest'
import { ResourceRowStore } from '../../storage/stores/resource-row-store'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import type { TestDomain } from '../../testing/test-domain'
import type { Principal, SessionPrincipal } from '../principals/principal'
import { setUpNotes } from './testing/set-up-notes'

describeOnEachEngine('rows', open => {
  const { kit, all, by, change, create, get, list, notFound, remove, titles, valuesOf, wrong } =
    setUpNotes(open)
  let domain: TestDomain
  let owner: SessionPrincipal
  beforeAll(() => {
    ;({ domain, owner } = kit)
  })

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

  it('are known to the audit log as far as who did what to which fields', async () => {
    const { id } = await create(owner, { title: 'a', secret: 'hush' })
    await change(owner, id, { secret: 'hush hush' })
    await remove(owner, id)
    const events = await domain.engine.db
      .selectFrom('audit_events')
      .select(['action', 'resource_type', 'resource_id', 'details', 'actor_id'])
      .where('organization_id', '=', kit.organizationId)
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

  it('are at most 100,000 of a resource, which counting looks at no more than it must', async () => {
    for (let n = 0; n < 3; n++) await create(owner, { title: `t${n}` })
    const { resourceRows } = domain.storage
    expect(await resourceRows.countUpTo(kit.organizationId, 'notes', 2)).toBe(2)
    expect(await resourceRows.countUpTo(kit.organizationId, 'notes', 4)).toBe(3)
    expect(await resourceRows.countUpTo(kit.organizationId, 'others', 4)).toBe(0)
    const count = vi.spyOn(ResourceRowStore.prototype, 'countUpTo')
    count.mockResolvedValueOnce(99_999).mockResolvedValueOnce(100_000)
    await create(owner, { title: 'last' })
    await expect(create(owner, { title: 'one too many' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('delete some first'),
    })
    count.mockRestore()
    expect(await all()).toHaveLength(4)
  })

  it('that are long are listed too, as many at once as can be answered', async () => {
    const [size, count] = [1024 * 1024 - 10, 18]
    for (let n = 0; n < count; n++) {
      const data = { text: String.fromCharCode(97 + n).repeat(size) }
      const row = {
        organization_id: kit.organizationId,
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
})
