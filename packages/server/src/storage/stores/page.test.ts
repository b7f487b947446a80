import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { organizationRow, projectRow } from '../../testing/rows'
import type { StorageEngine } from '../engine'
import type { PageRequest } from './page'
import { ProjectStore } from './project-store'

describeOnEachEngine('a page of a list', open => {
  let engine: StorageEngine
  let projects: ProjectStore
  beforeAll(async () => {
    engine = await open()
    projects = new ProjectStore(engine.db)
  })
  const insertNamed = async (organizationId: string, names: readonly string[]) => {
    await engine.db.insertInto('organizations').values(organizationRow(organizationId)).execute()
    const rows = names.map((name, index) => ({ ...projectRow(organizationId, `p${index}`), name }))
    if (rows.length > 0) await engine.db.insertInto('projects').values(rows).execute()
  }
  const list = (organizationId: string, page: Partial<PageRequest> = {}) =>
    projects.list(organizationId, { offset: 0, limit: 100, sort: 'createdAt', ...page }, undefined)
  const namesOf = async (organizationId: string, page: Partial<PageRequest>) =>
    (await list(organizationId, page)).items.map(({ name }) => name)

  describe('by free text', () => {
    const names = [
      '100% sure',
      '100 sure',
      'snake_case',
      'snakeXcase',
      'back\\slash',
      'backslash',
      "it's",
      'École',
      'école',
      'İstanbul',
      '東京タワー',
      'ABC',
      'a\tb',
    ]
    beforeAll(() => insertNamed('searched', names))

    it.each([
      ['%', ['100% sure']],
      ['100%', ['100% sure']],
      ['_', ['snake_case']],
      ['e_c', ['snake_case']],
      ['\\', ['back\\slash']],
      ['\\%', []],
      ['k\\s', ['back\\slash']],
      ["'", ["it's"]],
      ["' or 1=1 --", []],
      ['abc', ['ABC']],
      ['SURE', ['100% sure', '100 sure']],
      ['京', ['東京タワー']],
      ['École', ['École']],
      ['COLE', ['École', 'école']],
      ['İstanbul', ['İstanbul']],
      ['\t', ['a\tb']],
      [' ', ['100% sure', '100 sure']],
      ['*', []],
    ])('%j finds exactly what contains it', async (q, found) => {
      expect((await namesOf('searched', { q })).sort()).toEqual([...found].sort())
    })

    it('finds every part of any text', async () => {
      const texts = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      const samples = fc.sample(
        texts.filter(text => !/[\p{Cc}\p{Cs}]/u.test(text)),
        30,
      )
      await insertNamed('random', samples)
      for (const text of samples) {
        const letters = [...text]
        for (const q of [text, letters[0] ?? '', letters.slice(1).join('') || text]) {
          expect(await namesOf('random', { q })).toContain(text)
        }
      }
    })
  })

  it('is newest first with ties by id, and pages together are the whole list once', async () => {
    await engine.db.insertInto('organizations').values(organizationRow('paged')).execute()
    const rows = Array.from({ length: 23 }, (_, index) => ({
      ...projectRow('paged', `p${String(index).padStart(2, '0')}`),
      created_at: Math.floor(index / 5),
      name: index % 2 ? 'same' : `Name ${index}`,
    }))
    await engine.db
      .insertInto('projects')
      .values([...rows].reverse())
      .execute()
    const newestFirst = rows.map(({ id }) => id).reverse()
    for (const sort of ['createdAt', 'name', 'updatedAt']) {
      const up = (await list('paged', { sort })).items.map(({ id }) => id)
      const down = (await list('paged', { sort: `-${sort}` })).items.map(({ id }) => id)
      expect(down).toEqual([...up].reverse())
      if (sort !== 'name') expect(down).toEqual(newestFirst)
      for (const limit of [1, 4, 23, 50]) {
        const pages: string[] = []
        for (let offset = 0; offset < 23; offset += limit) {
          const { items, total } = await list('paged', { sort: `-${sort}`, offset, limit })
          expect(total).toBe(23)
          pages.push(...items.map(({ id }) => id))
        }
        expect(pages).toEqual(down)
      }
    }
  })

  it.each([
    ['nothing there', 'empty', 0, 20, 0],
    ['exactly full', 'three', 0, 3, 3],
    ['not full', 'three', 0, 20, 3],
    ['the rest', 'three', 2, 2, 3],
    ['behind the end', 'three', 3, 2, 3],
    ['far behind the end', 'three', 2_147_483_647, 100, 3],
  ])('tells the total with %s', async (_what, organizationId, offset, limit, total) => {
    const known = await engine.db
      .selectFrom('organizations')
      .select('id')
      .where('id', '=', organizationId)
      .execute()
    if (known.length === 0)
      await insertNamed(organizationId, organizationId === 'three' ? ['a', 'b', 'c'] : [])
    expect((await list(organizationId, { offset, limit })).total).toBe(total)
  })
})
