import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { startTestServer, type TestServer, type TestUser } from '../src/testing/start-test-server'

/** The same cases in every run; change it to look elsewhere. */
const SEED = 20_261_123

const TYPES = ['string', 'text', 'number', 'boolean', 'json', 'datetime', 'uuid', 'enum'] as const
const RESOURCE = {
  name: 'things',
  fields: TYPES.map(type => ({
    name: `a_${type}`,
    type,
    sortable: type !== 'json',
    ...(type === 'enum' && { values: ['x', "x'", 'x,y'] }),
  })),
}
const WORDS = ['', 'a', 'A', 'b', "a'", 'a"b', 'a%', '100', 'null', 'true', 'é', '\u{1F600}', 'x,y', '--']

/** Names and values by which something could be broken into or out of. */
const nasty = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.constantFrom(
    ...[
      "' or 1=1 --",
      "');drop table resource_rows;--",
      '$.a',
      '"',
      '\\',
      '%',
      '\0',
      '\u2028',
      '{"a":1}',
      '[]',
      '\ufeff',
    ],
    ...[
      '__proto__',
      'constructor',
      'toString',
      'a_string[]',
      'a_string[__proto__]',
      'data',
      'organization_id',
    ],
    ...[
      '1e999',
      '-1e999',
      '9007199254740993',
      '0x10',
      'NaN',
      '1e-400',
      '-0',
      '٣',
      '2026-02-30',
      '+275760-09-13T00:00:00Z',
    ],
    ...[
      '2026-01-01T00:00:00Z',
      '00000000-0000-4000-8000-000000000000',
      'a,'.repeat(150),
      '%_'.repeat(300),
      'a'.repeat(3000),
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 20 }).map(text => text.replace(/\p{Surrogate}/gu, '')),
)
const fields = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...RESOURCE.fields.map(({ name }) => name), 'id', 'created_at') },
  { weight: 1, arbitrary: nasty },
)
const operators = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'in', 'nin', 'is_null', 'is_not_null', 'like', 'ilike'],
    ),
  },
  { weight: 1, arbitrary: nasty },
)
const filterName = fc.oneof(
  fc.tuple(fields, operators).map(([field, op]) => `${field}__${op}`),
  fields,
)
const queries = fc.record({
  filters: fc.array(fc.tuple(filterName, nasty), { maxLength: 4 }),
  own: fc.array(
    fc.tuple(
      fc.constantFrom('_sort', '_limit', '_offset', '_', '__', '_sort[]'),
      fc.oneof(
        nasty,
        fields,
        fields.map(field => `-${field}`),
        fc.constantFrom('1', '200', '2147483647', '1e3'),
      ),
    ),
    { maxLength: 1 },
  ),
})

const jsonValues = fc.oneof(
  nasty,
  fc.constantFrom(0, -0, 1e308, 5e-324, true, false, null, '\ud800'),
  fc.jsonValue({ maxDepth: 4 }),
)
const bodies = fc.dictionary(fields, jsonValues, { maxKeys: 4 })

describeOnEachDatabase('whatever is sent about rows', createDatabase => {
  let server: TestServer
  let user: TestUser
  let stranger: TestUser
  let strangersId: string
  const call = (by: TestUser, method: string, path: string, body?: unknown) =>
    server.call(method, path, { cookie: by.cookie, ...(body !== undefined && { body }) })
  beforeAll(async () => {
    server = await startTestServer({ databaseUrl: await createDatabase(), logLevel: 'error' })
    user = await server.signUp()
    stranger = await server.signUp()
    for (const by of [user, stranger]) {
      expect((await call(by, 'POST', '/v1/_resources', RESOURCE)).status).toBe(201)
      for (const word of WORDS) {
        const made = await call(by, 'POST', '/v1/things', { a_string: word, a_text: by.id })
        expect(made.status).toBe(201)
        if (by === stranger) strangersId = made.body.data.id
      }
    }
  })
  afterAll(() => server.stop())

  const order = (left: string, right: string) => Buffer.compare(Buffer.from(left), Buffer.from(right))
  const MODEL: Readonly<Record<string, (word: string, value: string) => boolean>> = {
    eq: (word, value) => word === value,
    neq: (word, value) => word !== value,
    gt: (word, value) => order(word, value) > 0,
    gte: (word, value) => order(word, value) >= 0,
    lt: (word, value) => order(word, value) < 0,
    lte: (word, value) => order(word, value) <= 0,
    in: (word, value) => value.split(',').includes(word),
    nin: (word, value) => !value.split(',').includes(word),
  }

  test('filters find what they say, or are refused by name; never a fault, never the row of another', async () => {
    await fc.assert(
      fc.asyncProperty(queries, async ({ filters, own }) => {
        const query = new URLSearchParams([...filters, ...own])
        const { status, body } = await call(user, 'GET', `/v1/things?${query}`)
        expect([200, 400], `${query} ${JSON.stringify(body)}`).toContain(status)
        if (status === 400) expect(body.errors[0].error).toBeTruthy()
        else for (const row of body.data) expect(row.a_text).toBe(user.id)
      }),
      { seed: SEED, numRuns: 250 },
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(MODEL)), nasty, async (op, value) => {
        const query = new URLSearchParams([[`a_string__${op}`, value]])
        const { status, body } = await call(user, 'GET', `/v1/things?${query}`)
        if (status === 400) {
          expect(value.includes('\0') || value.length > 200).toBe(true)
          return
        }
        const expected = WORDS.filter(word => MODEL[op]?.(word, value)).sort(order)
        expect(body.data.map((row: { a_string: string }) => row.a_string).sort(order)).toEqual(expected)
        expect(body.meta.total).toBe(expected.length)
      }),
      { seed: SEED, numRuns: 100 },
    )
  }, 30_000)

  test('values come back as they were sent, or are refused; the row of another stays as it is', async () => {
    const before = (await call(stranger, 'GET', '/v1/things?_limit=200')).body
    const target = (await call(user, 'GET', '/v1/things?_limit=1')).body.data[0].id
    const methods = fc.constantFrom('POST', 'PUT', 'PATCH')
    const ids = fc.oneof(fc.constant('mine'), fc.constant('theirs'), nasty)
    await fc.assert(
      fc.asyncProperty(methods, ids, bodies, async (method, id, sent) => {
        const row = id === 'mine' ? target : id === 'theirs' ? strangersId : encodeURIComponent(id)
        const path = method === 'POST' ? '/v1/things' : `/v1/things/${row}`
        const { status, body } = await call(user, method, path, { ...sent, a_text: user.id })
        expect([200, 201, 400, 404, 405], `${method} ${path} ${JSON.stringify(body)}`).toContain(status)
        if (method !== 'POST' && id === 'theirs') expect([400, 404]).toContain(status)
        if (status > 201) return
        const given = JSON.parse(JSON.stringify(sent), (key, value) =>
          ['__proto__', 'constructor'].includes(key) ? undefined : value,
        )
        for (const [name, value] of Object.entries(given)) {
          const kept = body.data[name]
          if (name === 'a_datetime' && value !== null)
            expect(Date.parse(kept)).toBe(Date.parse(String(value)))
          else if (name !== 'a_text') expect(kept).toEqual(value)
        }
        const { data } = (await call(user, 'GET', `/v1/things/${body.data.id}`)).body
        expect(data).toEqual(body.data)
        if (method === 'POST') expect((await call(user, 'DELETE', `/v1/things/${data.id}`)).status).toBe(204)
      }),
      { seed: SEED, numRuns: 150 },
    )
    expect((await call(stranger, 'GET', '/v1/things?_limit=200')).body).toEqual(before)
  }, 30_000)
})
