import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { startTestServer, type TestServer, type TestUser } from '../src/testing/start-test-server'

describeOnEachDatabase('projects', createDatabase => {
  let server: TestServer
  let user: TestUser
  beforeAll(async () => {
    server = await startTestServer({ databaseUrl: await createDatabase() })
    user = await server.signUp('Ada Lovelace')
  })
  afterAll(() => server.stop())

  let organizationId: string
  const newOrganization = async (): Promise<string> =>
    (await server.call('POST', '/api/user/organizations', { cookie: user.cookie, body: { name: 'Lab' } }))
      .body.data.id
  beforeEach(async () => {
    organizationId = await newOrganization()
  })
  const call = (method: string, path = '', body?: unknown) =>
    server.call(method, `/api/user/organizations/${organizationId}/projects${path}`, {
      cookie: user.cookie,
      ...(body !== undefined && { body }),
    })
  const create = async (body: object = {}) => (await call('POST', '', { name: 'Engine', ...body })).body.data
  const names = async (query: string) =>
    (await call('GET', query)).body.data.map(({ name }: { name: string }) => name)

  test('are made, found, changed, listed and deleted', async () => {
    const made = await call('POST', '', { name: 'Analytical Engine' })
    expect([made.status, made.body.message]).toEqual([201, 'Project created successfully'])
    const project = made.body.data
    expect(project).toEqual({
      id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      name: 'Analytical Engine',
      slug: 'analytical-engine',
      website: null,
      description: null,
      businessContext: null,
      monitoringIntent: null,
      status: 'draft',
      frequency: null,
      timezone: 'UTC',
      createdByUser: { id: user.id, fullName: 'Ada Lovelace' },
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updatedAt: project.createdAt,
    })
    const path = `/${project.id}`
    expect((await call('GET', path)).body.data).toEqual(project)
    const details = {
      website: 'https://example.com',
      description: 'a\nb',
      status: 'active',
      timezone: 'Europe/Paris',
    }
    const changed = await call('PUT', path, details)
    expect(changed.body).toMatchObject({
      message: 'Project updated successfully',
      data: { ...details, slug: project.slug },
    })
    server.advance(10)
    const still = (await call('PUT', path, {})).body.data
    expect(still).toEqual({ ...changed.body.data, updatedAt: still.updatedAt })
    expect(still.updatedAt > changed.body.data.updatedAt).toBe(true)
    const cleared = await call('PUT', path, { website: null, description: null })
    expect(cleared.body.data).toMatchObject({ website: null, description: null, status: 'active' })
    expect((await call('GET')).body.data).toEqual([cleared.body.data])
    const deleted = await call('DELETE', path)
    expect([deleted.status, deleted.body.data]).toEqual([200, { id: project.id, deleted: true }])
    for (const method of ['GET', 'DELETE']) expect((await call(method, path)).body.code).toBe('NOT_FOUND')
  })

  test('take only what makes sense, and name the field', async () => {
    const wrong: [string, unknown, string][] = [
      ['website', 'not a url', 'Invalid url'],
      ['website', 'javascript:alert(1)', 'Invalid url'],
      ['website', 'ftp://example.com', 'Invalid url'],
      ['website', '', 'Invalid url'],
      ['website', 'https://example.com/\u0000', 'Invalid url'],
      ['status', 'deleted', expect.anything() as unknown as string],
      ['timezone', 'Mars/Olympus', 'Must be an IANA time zone, such as Europe/Paris'],
      ['name', '   ', 'Required'],
      ['slug', 'No Slug', expect.stringContaining('lower-case') as unknown as string],
      ['description', 'x'.repeat(2001), 'Must be at most 2000 characters'],
    ]
    for (const [field, value, error] of wrong) {
      const { status, body } = await call('POST', '', { name: 'x', [field]: value })
      expect([status, body.code, body.message]).toEqual([
        400,
        'VALIDATION_ERROR',
        `Validation failed for fields: ${field}`,
      ])
      expect(body.meta.errors).toContainEqual({ field, error, location: 'body' })
    }
    expect((await call('GET')).body.meta.total).toBe(0)
  })

  test('never break the server, whatever characters they hold', async () => {
    const texts = [
      '\u0000',
      'a\u0000b',
      '\ud800',
      '\udfff\ud800',
      '\u202e',
      '\ufeff',
      '\u{1f469}\u200d\u{1f469}',
      '\u2028',
    ]
    for (const text of texts) {
      const fields = {
        name: `n${text}`,
        description: text,
        website: `https://example.com/${text}`,
        frequency: text,
      }
      for (const [field, value] of Object.entries(fields)) {
        const { status, body } = await call('POST', '', { name: 'x', [field]: value })
        expect(
          `${field} ${JSON.stringify(text)} ${[201, 400].includes(status) ? 'fine' : body.code}`,
        ).toContain('fine')
      }
      expect([200, 400]).toContain((await call('GET', `?${new URLSearchParams({ q: text })}`)).status)
    }
  })

  test('have a slug that is unique in their organization', async () => {
    await create({ slug: 'one' })
    const two = await create({ slug: 'two' })
    const answers = [
      await call('POST', '', { name: 'x', slug: 'one' }),
      await call('PUT', `/${two.id}`, { slug: 'one' }),
    ]
    for (const { status, body } of answers) {
      expect([status, body.code, body.meta]).toEqual([409, 'CONFLICT', { field: 'slug' }])
    }
    expect((await create({ name: 'One' })).slug).toMatch(/^one-\d{4,7}$/)
    organizationId = await newOrganization()
    expect((await create({ slug: 'one' })).slug).toBe('one')
  })

  test('are listed newest first, in pages, by name, text and status', async () => {
    for (const name of ['b 100%', 'A_b', 'c', 'École', 'd']) {
      await create({ name, status: name === 'c' ? 'paused' : 'draft' })
    }
    expect(await names('')).toEqual(['d', 'École', 'c', 'A_b', 'b 100%'])
    expect(await names('?sort=createdAt')).toEqual(['b 100%', 'A_b', 'c', 'École', 'd'])
    expect(await names('?sort=name&limit=4')).toEqual(['A_b', 'b 100%', 'c', 'd'])
    expect(await names('?q=%25')).toEqual(['b 100%'])
    expect(await names('?q=_')).toEqual(['A_b'])
    expect(await names('?q=a_B')).toEqual(['A_b'])
    expect(await names(`?q=${encodeURIComponent('École')}`)).toEqual(['École'])
    expect(await names('?status=paused')).toEqual(['c'])
    expect(await names('?status=active')).toEqual([])
    const page = async (query: string) => (await call('GET', query)).body.meta
    expect(await page('?limit=2')).toEqual({ total: 5, offset: 0, limit: 2, hasMore: true })
    expect(await page('?limit=2&offset=4')).toEqual({ total: 5, offset: 4, limit: 2, hasMore: false })
    expect(await page('?limit=5')).toEqual({ total: 5, offset: 0, limit: 5, hasMore: false })
    expect(await page('?offset=9')).toEqual({ total: 5, offset: 9, limit: 20, hasMore: false })
    expect(await page('?offset=null&q=b')).toEqual({ total: 2, offset: 0, limit: 20, hasMore: false })
    for (const wrong of [
      '?limit=101',
      '?limit=0',
      '?offset=-1',
      '?sort=slug',
      '?status=gone',
      '?limit=1&limit=2',
    ]) {
      expect((await call('GET', wrong)).status).toBe(400)
    }
  })

  test('of the own other organization are told apart, but not to a key that is pinned away', async () => {
    const { id } = await create()
    const home = organizationId
    organizationId = await newOrganization()
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await call(method, `/${id}`, method === 'PUT' ? { name: 'x' } : undefined)
      expect([answer.status, answer.body.code]).toEqual([403, 'TENANT_VIOLATION'])
    }
    const { key } = await server.createKey(user, { metadata: { organizationId } })
    const path = `/api/user/organizations/${organizationId}/projects/${id}`
    expect((await server.call('GET', path, { key })).body.code).toBe('NOT_FOUND')
    organizationId = home
    expect((await call('GET', `/${id}`)).status).toBe(200)
  })
})
