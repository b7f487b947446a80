import type { Resource, ResourceField } from '@snoop/sdk/contract'
import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import type { RowComparison, RowFilter, RowSort } from '../../storage/row-filter'
import { describeOnEachEngine } from '../../testing/on-each-engine'
import { createTestDomain, type TestDomain } from '../../testing/test-domain'
import { compareField, kindOf } from '../fields/compare-field'
import { meetsFilter } from './meets-filter'
import { type Row, valueIn } from './row'
import { storedRows } from './stored-rows'

const field = (name: string, type: ResourceField['type']): ResourceField => ({
  name,
  type,
  required: false,
  unique: false,
  sortable: true,
})
const FIELDS = [
  field('string', 'string'),
  field('text', 'text'),
  field('number', 'number'),
  field('boolean', 'boolean'),
  field('json', 'json'),
  field('datetime', 'datetime'),
  field('uuid', 'uuid'),
]
const OWN = [
  { name: 'id', type: 'string' },
  { name: 'created_at', type: 'datetime' },
] as const
const resource: Resource = { name: 'things', origin: 'organization', fields: FIELDS, rules: [] }

/** Few and alike, so that rows meet filters and one another; each is a trap of one engine or the other. */
const texts = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      'a',
      'A',
      'ab',
      'aB',
      'b',
      'Ä',
      'ä',
      'ß',
      'é',
      'e\u0301',
      'a%',
      'a_',
      'a\\',
      '*',
      '?',
      '[a]',
      "'",
      '"',
    ],
    ...[
      '\u{1F600}',
      '\uFFFD',
      '\uFF5E',
      '\u{10000}',
      ' a',
      'a ',
      '10',
      '9',
      'null',
      'true',
      '\n',
      '$.a',
      'İ',
    ],
  ),
  fc.string({
    unit: fc.constantFrom('a', 'A', 'b', '%', '_', '\\', '*', '[', ']', '?', '^', 'é', '\u{1F600}'),
    maxLength: 5,
  }),
)
const numbers = fc.oneof(
  fc.constantFrom(
    0,
    1,
    -1,
    9,
    10,
    0.1,
    0.30000000000000004,
    0.3,
    1e-17,
    -1e-17,
    5e-324,
    2 ** 53,
    2 ** 60,
    2 ** 63,
    1e21,
    1e308,
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)
const datetimes = fc.constantFrom(
  ...[
    '2026-01-01T00:00:00Z',
    '2026-01-01T01:00:00+01:00',
    '2026-01-01T00:00:00.001Z',
    '0001-01-01T00:00:00Z',
  ],
  ...['9999-12-31T23:59:59.999Z', '2026-01-01', '2025-12-31T23:59:59.9999Z'],
)
const uuids = fc.constantFrom(
  '00000000-0000-4000-8000-000000000000',
  'FFFFFFFF-0000-4000-8000-00000000000a',
  'ffffffff-0000-4000-8000-00000000000A',
)
const json = fc
  .oneof(texts, numbers, fc.boolean(), fc.constant([]), fc.constant({ a: [1, null, 'x'] }))
  .map(value => JSON.parse(JSON.stringify(value)))
const ofType = {
  string: texts,
  text: texts,
  number: numbers,
  boolean: fc.boolean(),
  json,
  datetime: datetimes,
  uuid: uuids,
  enum: texts,
} as const satisfies Record<ResourceField['type'], fc.Arbitrary<unknown>>

/** As a row holds them; now and then of another type, as after a change of the definition. */
const stored = (type: ResourceField['type']): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(null, undefined) },
    { weight: 1, arbitrary: json },
    {
      weight: 7,
      arbitrary: ofType[type].map(value => {
        const compared = compareField({ name: 'x', type }, 'eq', value)
        return 'comparison' in compared && 'value' in compared.comparison ? compared.comparison.value : null
      }),
    },
  )
const valuesOf = fc.tuple(
  ...FIELDS.map(({ name, type }) => stored(type).map(value => [name, value] as const)),
)

const TESTS = ['is_null', 'is_not_null'] as const
const EQUALITY = ['eq', 'neq', ...TESTS] as const
const ORDERED = ['gt', 'gte', 'lt', 'lte', ...EQUALITY] as const
const comparison: fc.Arbitrary<RowComparison> = fc
  .constantFrom(...FIELDS, ...OWN)
  .chain(compared => {
    const { type } = compared
    const value: fc.Arbitrary<unknown> = ofType[type]
    const compareWith = (op: Parameters<typeof compareField>[1], values: fc.Arbitrary<unknown>) =>
      values.map(value => compareField(compared, op, value))
    if (type === 'json') return fc.constantFrom(...TESTS).chain(op => compareWith(op, value))
    const lists = fc
      .constantFrom('in' as const, 'nin' as const)
      .chain(op => compareWith(op, fc.array(value, { maxLength: 4 })))
    const orders = fc
      .constantFrom(...(type === 'boolean' || type === 'uuid' ? EQUALITY : ORDERED))
      .chain(op => compareWith(op, value))
    if (type !== 'string' && type !== 'text') return fc.oneof(lists, orders)
    const patterns = fc.constantFrom('like' as const, 'ilike' as const).chain(op => compareWith(op, texts))
    return fc.oneof(lists, orders, patterns)
  })
  .filter(compared => 'comparison' in compared)
  .map(compared => (compared as { comparison: RowComparison }).comparison)

const filters = fc.letrec<{ filter: RowFilter }>(tie => ({
  filter: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    comparison,
    fc.array(tie('filter'), { maxLength: 3 }).map(all => ({ all })),
    fc.array(tie('filter'), { maxLength: 3 }).map(any => ({ any })),
  ),
})).filter

const sorts = fc.record({
  by: fc.constantFrom(...FIELDS.filter(({ type }) => type !== 'json'), ...OWN),
  isDescending: fc.boolean(),
  where: fc.option(filters, { nil: undefined }),
})
const toSort = ({
  by,
  isDescending,
  where,
}: {
  by: (typeof FIELDS)[number] | (typeof OWN)[number]
  isDescending: boolean
  where: RowFilter | undefined
}): RowSort => ({
  field: by.name,
  kind: kindOf(by),
  isDescending,
  where,
})

const KIND_TYPES = { text: 'string', number: 'number', boolean: 'boolean', json: 'none' }
const compareValues = (left: unknown, right: unknown): number =>
  typeof left === 'string' && typeof right === 'string'
    ? Buffer.compare(Buffer.from(left), Buffer.from(right))
    : Number(left) - Number(right)

/** The order that is promised, in memory. */
const inOrder = (rows: readonly Row[], sort: readonly RowSort[]): Row[] =>
  [...rows].sort((one, other) => {
    for (const { field, kind, isDescending, where } of sort) {
      const [left, right] = [one, other].map(row => {
        const value = valueIn(row, field)
        return typeof value === KIND_TYPES[kind] && (!where || meetsFilter(row, where)) ? value : null
      })
      if (left === null && right === null) continue
      if (left === null) return 1
      if (right === null) return -1
      const difference = compareValues(left, right)
      if (difference !== 0) return isDescending ? -difference : difference
    }
    const byId = compareValues(one.id, other.id)
    return sort.at(-1)?.isDescending ? -byId : byId
  })

describeOnEachEngine('filters and orders', open => {
  let domain: TestDomain
  beforeAll(async () => {
    domain = createTestDomain(await open())
  })

  it('find in the database what they mean in memory, in the promised order', async () => {
    const source = storedRows(resource)
    const query = fc.record({
      filter: filters,
      sort: fc.array(sorts.map(toSort), { minLength: 1, maxLength: 3 }),
      limit: fc.constantFrom(1, 3, 200),
      offset: fc.constantFrom(0, 0, 1, 1000, 2_147_483_647),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(valuesOf, { minLength: 1, maxLength: 25 }),
        fc.array(query, { minLength: 12, maxLength: 12 }),
        async (rowValues, queries) => {
          const organizationId = await domain.foundOrganization({})
          const elsewhere = await domain.foundOrganization({})
          const now = domain.now()
          const rows = rowValues.map(
            (values, index): Row => ({
              id: `${String.fromCodePoint(65 + ((index * 37) % 58)).replace(/\W/, '_')}${index}`,
              createdAt: now + (index % 3),
              updatedAt: now,
              values: new Map(values.filter(([, value]) => value !== undefined)),
            }),
          )
          for (const organization_id of [organizationId, elsewhere]) {
            for (const table of ['things', 'others']) {
              if (organization_id === elsewhere && table === 'others') continue
              await domain.engine.db
                .insertInto('resource_rows')
                .values(
                  rows.map(row => ({
                    organization_id,
                    resource: table,
                    id: row.id,
                    data: JSON.stringify(Object.fromEntries(row.values)),
                    created_at: row.createdAt,
                    updated_at: row.updatedAt,
                  })),
                )
                .execute()
            }
          }
          for (const { filter, sort, limit, offset } of queries) {
            const expected = inOrder(
              rows.filter(row => meetsFilter(row, filter)),
              sort,
            )
            const [first, ...others] = sort as [RowSort, ...RowSort[]]
            const found = await source.list(domain.context, organizationId, {
              filter,
              sort: [first, ...others],
              limit,
              offset,
            })
            expect(found).toEqual({ items: expected.slice(offset, offset + limit), total: expected.length })
          }
        },
      ),
      { numRuns: 40, seed: 20_261_122 },
    )
  })
})
