import { beforeAll, expect, it, vi } from 'vitest'
import * as likePattern from '../../storage/like-pattern'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { actorOf } from '../../testing/test-domain'
import type { SessionPrincipal } from '../principals/principal'
import { createResource } from '../resources/create-resource'
import { meetsFilter } from './meets-filter'
import { field, NOTES, rule, setUpNotes } from './testing/set-up-notes'

vi.mock(import('../../storage/like-pattern'), { spy: true })

describeOnEachEngine('patterns', open => {
  const { kit, create, define, list, titles, where, wrong } = setUpNotes(open)
  let owner: SessionPrincipal
  let member: SessionPrincipal
  beforeAll(() => {
    ;({ owner, member } = kit)
  })
  const texts = (rules = NOTES.rules) =>
    define({ ...NOTES, name: 'texts', fields: [field('title'), field('body', { type: 'text' })], rules })
  const like = (text: string, op: 'like' | 'ilike' = 'like') => ({ field: 'body', op, value: text })

  it('look at the first 10,000 characters of a text, in the database and in memory', async () => {
    await texts()
    for (const letter of ['x', '\u{1F600}']) {
      const body = `${letter.repeat(9_999)}Yz`
      const row = await create(owner, { title: letter, body }, 'texts')
      for (const op of ['like', 'ilike'] as const) {
        for (const [pattern, isMet] of [
          ['%Y', true],
          ['%Yz', false],
          ['%z%', false],
          [`${letter}%`, true],
        ] as const) {
          const { items } = await list(owner, where('body', op, pattern), 'texts')
          expect(items.some(({ id }) => id === row.id)).toBe(isMet)
          expect(meetsFilter(row, { field: 'body', kind: 'text', op, pattern })).toBe(isMet)
        }
      }
    }
  })

  it('are short and few in a query', async () => {
    await create(owner, { title: 'a' })
    expect(await titles(owner, where('title', 'like', `a${'%'.repeat(99)}`))).toEqual(['a'])
    await expect(list(owner, where('title', 'like', '%'.repeat(101)))).rejects.toEqual(wrong('title__like'))
    const [condition] = where('title', 'ilike', '%a%').conditions
    const ask = (count: number) =>
      list(owner, {
        conditions: Array.from({ length: count }, (_, n) => ({ ...condition!, text: `%a%${'%'.repeat(n)}` })),
      })
    expect((await ask(5)).total).toBe(1)
    await expect(ask(6)).rejects.toEqual(wrong('title__ilike'))
  })

  it('are few in the rules of a role and action, and in what a query makes of them', async () => {
    const rules = (count: number) => [
      rule('member', 'create', { checks: Array.from({ length: count }, (_, n) => like(`%${n}`)) }),
    ]
    const ask = (count: number) =>
      createResource(kit.domain.context, actorOf(owner), kit.organizationId, {
        name: 'ruled',
        fields: [field('body', { type: 'text' })],
        rules: [...rules(1), ...rules(count - 1), rule('member', 'read', { filters: [like('a')] })],
      })
    await expect(ask(6)).rejects.toEqual(wrong('rules.1'))
    await ask(5)
    const names = Array.from({ length: 8 }, (_, n) => `f${n}`)
    await define({
      name: 'wide',
      fields: [field('body'), ...names.map(name => field(name))],
      rules: [
        ...names
          .slice(0, 5)
          .map((_, n) => rule('member', 'read', { fields: names.slice(n), filters: [like(`%${n}`)] })),
        rule('member', 'read', { fields: names, filters: [{ field: 'body', op: 'eq', value: 'a' }] }),
      ],
    })
    const sorted = (count: number) =>
      list(
        member,
        { sort: names.slice(0, count).map(field => ({ parameter: '_sort', field, isDescending: false })) },
        'wide',
      )
    expect((await sorted(8)).total).toBe(0)
    const conditions = names
      .slice(0, 5)
      .flatMap(name => [where(name, 'eq', 'x').conditions[0]!, where(name, 'like', 'x').conditions[0]!])
    const sort = names.slice(0, 6).map(field => ({ parameter: '_sort', field, isDescending: false }))
    await expect(list(member, { conditions, sort }, 'wide')).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      message: expect.stringContaining('fewer fields'),
    })
  })

  it('that rules repeat are matched once a row', async () => {
    const filters = [like('%a%')]
    await texts([
      rule('owner', 'create'),
      ...Array.from({ length: 90 }, () => rule('member', 'read', { filters })),
    ])
    for (let n = 0; n < 3; n++) await create(owner, { title: `${n}`, body: `a${n}` }, 'texts')
    const read = vi.mocked(likePattern.readLikePattern).mockClear()
    expect((await list(member, {}, 'texts')).total).toBe(3)
    // Once for the definition, once for the statement, once for each row.
    expect(read.mock.calls.length).toBeLessThanOrEqual(1 + 1 + 3)
  })
})
