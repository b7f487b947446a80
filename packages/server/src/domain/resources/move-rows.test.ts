import type { Resource, ResourceField } from '@snoop/sdk/contract'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import type { Stores } from '../../storage/storage'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { moveRows } from './move-rows'

const field = (name: string, details: Partial<ResourceField> = {}): ResourceField => ({
  name,
  type: 'string',
  required: false,
  unique: false,
  sortable: false,
  ...details,
})
const title = field('title')
const body = field('body', { type: 'text' })
const notes = (...fields: ResourceField[]): Resource => ({
  name: 'notes',
  origin: 'organization',
  fields,
  rules: [],
})

describeOnEachEngine('redefining a resource', open => {
  let domain: TestDomain
  let organizationId: string
  let read: number[]

  beforeAll(async () => {
    domain = createTestDomain(await open())
  })
  beforeEach(async () => {
    organizationId = await domain.foundOrganization({})
    read = []
  })

  const fill = (count: number, data: (n: number) => object) =>
    domain.storage.transaction(async ({ resourceRows }) => {
      for (let n = 0; n < count; n++) {
        const row = { organization_id: organizationId, resource: 'notes', created_at: 0, updated_at: 0 }
        const id = `row-${String(n).padStart(4, '0')}`
        await resourceRows.insert({ ...row, id, data: JSON.stringify(data(n)) })
      }
    })

  /** Notes the bytes of rows that each statement brings. */
  const counting = (stores: Stores): Stores => {
    const { resourceRows } = stores
    const note = <T>(rows: T): T => {
      read.push(JSON.stringify(rows ?? '').length)
      return rows
    }
    const counted = Object.assign(Object.create(resourceRows), {
      listHolding: async (...asked: Parameters<typeof resourceRows.listHolding>) =>
        note(await resourceRows.listHolding(...asked)),
      find: async (...asked: Parameters<typeof resourceRows.find>) => note(await resourceRows.find(...asked)),
    })
    return { ...stores, resourceRows: counted }
  }
  const move = (before: Resource, after: Resource) =>
    domain.storage.transaction(stores => moveRows(counting(stores), organizationId, before, after))

  it('reads no row unless a field is added or becomes unique, and then none without a value of it', async () => {
    await fill(3, () => ({ title: 'a' }))
    await move(notes(title, body), notes(field('title', { required: true }), body))
    await move(notes(title, body), notes(title))
    await expect(move(notes(title), notes(field('title', { type: 'number' })))).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    expect(read).toEqual([])
    await move(notes(title), notes(title, body, field('code', { unique: true })))
    expect(read).toEqual(['[]'.length])
  })

  it('reads long rows one by one, and misses none of them', async () => {
    await fill(9, n => ({ title: `${n % 8}`, body: 'x'.repeat(n % 2 === 0 ? 1_000_000 : 60_000) }))
    const unique = notes(field('title', { unique: true }), body)
    await expect(move(notes(title, body), unique)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(Math.max(...read)).toBeLessThan(1_001_000)
    await domain.storage.resourceRows.delete(organizationId, 'notes', 'row-0008')
    await move(notes(title, body), unique)
    const taken = await domain.engine.db
      .selectFrom('resource_values')
      .select('row_id')
      .where('organization_id', '=', organizationId)
      .execute()
    expect(taken).toHaveLength(8)
  })

  it('reads at most 8 MiB of rows at once', async () => {
    await fill(150, n => ({ title: `${n}`, body: 'x'.repeat(65_000) }))
    await move(notes(title, body), notes(field('title', { unique: true }), body))
    expect(read.length).toBeGreaterThan(2)
    expect(Math.max(...read)).toBeLessThan(9 * 1024 * 1024)
  })
})
