import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { startTestServer, type TestServer, type TestUser } from '../src/testing/start-test-server'

/** The map of the published page. */
const PUBLISHED_MAP = {
  posts: { read: ['id', 'title', 'body'], create: ['title', 'body'] },
  comments: { read: ['id', 'text'] },
}
const TIMESTAMP = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

describeOnEachDatabase('rows over HTTP', createDatabase => {
  let server: TestServer
  let owner: TestUser
  beforeAll(async () => {
    server = await startTestServer({ databaseUrl: await createDatabase() })
    owner = await server.signUp('Ada Lovelace')
    await server.verifyAddress(owner.email)
  })
  afterAll(() => server.stop())

  const makeKey = async (permissions?: object, { email, password } = owner): Promise<string> => {
    const answer = await server.call('POST', '/token', { body: { email, password, permissions } })
    if (answer.status !== 200) throw new Error(`no key: ${JSON.stringify(answer.body)}`)
    return answer.body.key
  }
  const call = (key: string, method: string, path: string, body?: unknown) =>
    server.call(method, path, {
      headers: { authorization: `Bearer ${key}` },
      ...(body !== undefined && { body }),
    })
  const byOwner = (method: string, path: string, body?: unknown) =>
    server.call(method, path, { cookie: owner.cookie, ...(body !== undefined && { body }) })

  test('are made and read by a key with the published map, and by nothing more', async () => {
    const key = await makeKey(PUBLISHED_MAP)
    const made = await call(key, 'POST', '/v1/posts', { title: 'Notes', body: 'On the engine' })
    expect([made.status, made.body]).toEqual([
      201,
      {
        data: {
          id: expect.any(String),
          created_at: TIMESTAMP,
          updated_at: TIMESTAMP,
          title: 'Notes',
          body: 'On the engine',
        },
        meta: { resource: 'posts' },
      },
    ])
    const post = made.body.data
    const path = `/v1/posts/${post.id}`
    expect((await call(key, 'GET', path)).body).toEqual(made.body)
    expect((await call(key, 'GET', '/v1/posts?title=Notes')).body).toEqual({
      data: [post],
      meta: { resource: 'posts', total: 1, limit: 50, offset: 0 },
    })
    expect((await byOwner('GET', path)).body.data).toEqual({ ...post, author_id: owner.id, status: null })

    const refused = async (missing: string, ...args: [string, string, unknown?]) => {
      const { status, body } = await call(key, ...args)
      expect([status, body.code, body.details]).toEqual([
        403,
        'INSUFFICIENT_PERMISSIONS',
        { required: [missing], missing: [missing] },
      ])
      expect(body.message).toContain(missing)
    }
    await refused('posts:create:status', 'POST', '/v1/posts', { title: 'x', status: 'draft' })
    await refused('posts:update', 'PATCH', path, { title: 'x' })
    await refused('posts:update', 'PUT', path, { title: 'x' })
    await refused('posts:delete', 'DELETE', path)
    await refused('comments:create', 'POST', '/v1/comments', { text: 'x' })
    await refused('projects:read', 'GET', '/v1/projects')
    await refused('posts:read:status', 'GET', '/v1/posts?status=draft')
    await refused('posts:read:status', 'GET', '/v1/posts?_sort=status')
    const left = (await byOwner('GET', '/v1/posts')).body
    expect([left.meta.total, left.data[0].title]).toEqual([1, 'Notes'])
  })

  test('are changed, replaced, found by filters and deleted by a key of the whole role', async () => {
    const key = await makeKey()
    const made = (await call(key, 'POST', '/v1/posts', { title: 'b', status: 'draft' })).body.data
    const path = `/v1/posts/${made.id}`
    expect((await call(key, 'PATCH', path, { body: 'text' })).body.data).toMatchObject({
      title: 'b',
      body: 'text',
      status: 'draft',
    })
    const replaced = await call(key, 'PUT', path, { title: 'c' })
    expect([replaced.status, replaced.body.data]).toMatchObject([
      200,
      { title: 'c', body: null, status: null },
    ])
    await call(key, 'POST', '/v1/posts', { title: 'd', status: 'published' })
    const titles = async (query: string) =>
      (await call(key, 'GET', `/v1/posts?${query}`)).body.data.map(({ title }: { title: string }) => title)
    expect(await titles('title__gte=c&title__lt=d')).toEqual(['c'])
    expect(await titles('title__neq=c&title__neq=Notes')).toEqual(['d'])
    expect(await titles('title__in=c,d&_sort=-title')).toEqual(['d', 'c'])
    expect(await titles('title__in=c,d&status__is_null=true')).toEqual(['c'])
    expect(await titles('title__ilike=NOT%25')).toEqual(['Notes'])
    expect(await titles('_sort=title&_limit=1&_offset=1')).toEqual(['c'])
    expect(await titles(`created_at__lte=${made.created_at}&id=${made.id}`)).toEqual(['c'])
    const deleted = await call(key, 'DELETE', path)
    expect([deleted.status, deleted.body]).toEqual([204, ''])
    for (const method of ['GET', 'DELETE'])
      expect((await call(key, method, path)).body).toEqual({
        code: 'NOT_FOUND',
        message: 'There is no row with this id in posts',
      })
  })

  test('say of a query or a body what is wrong with it, where, and what there is', async () => {
    const wrong: [string, string, RegExp][] = [
      ['titel=x', 'titel', /no field "titel"; posts has id, .*title/],
      ['title__is=x', 'title__is', /operators are eq, neq/],
      ['status__gt=draft', 'status__gt', /type enum, whose operators are eq, neq, in, nin, is_null/],
      ['status=x', 'status', /one of draft, published/],
      ['created_at__gt=yesterday', 'created_at__gt', /such as 2026-01-31T12:00:00Z/],
      ['title__is_null=x', 'title__is_null', /true, false or nothing/],
      ['title__like=%5C', 'title__like', /single \\/],
      ['title=%00', 'title', /NUL/],
      ['_sort=body', '_sort', /not sorted by "body", but by id, created_at, updated_at, title, status/],
      ['_limit=201', '_limit', /at most 200/],
      ['_page=1', '_page', /_sort, _limit, _offset/],
      ['__proto__=x', '__proto__', /no such parameter/],
      ['__proto__=x&__proto__=y', '__proto__', /no such parameter/],
      ['__proto____eq=x', '__proto____eq', /no such parameter/],
      ['constructor=x', 'constructor', /no field "constructor"/],
    ]
    for (const [query, field, error] of wrong) {
      const { status, body } = await byOwner('GET', `/v1/posts?${query}`)
      expect([query, status, body.code]).toEqual([query, 400, 'VALIDATION_ERROR'])
      expect(body.errors).toEqual([{ field, error: expect.stringMatching(error), location: 'query' }])
    }
    const { status, body } = await byOwner('POST', '/v1/posts', { title: 'x', nope: 1 })
    expect([status, body.errors]).toEqual([
      400,
      [{ field: 'nope', error: expect.stringContaining('posts has title, body'), location: 'body' }],
    ])
    const unknown = await byOwner('GET', '/v1/nothing')
    expect([unknown.status, unknown.body.message]).toEqual([404, expect.stringContaining('posts, comments')])
  })

  test('of a member: its own it changes, those of others it reads', async () => {
    const member = await server.signUp()
    await server.verifyAddress(member.email)
    const { organizationId } = owner
    const invites = `/api/user/organizations/${organizationId}/invites`
    const sent = await byOwner('POST', invites, { invites: [{ email: member.email, role: 'member' }] })
    expect(sent.status).toBe(201)
    const { text = '' } = await server.mail(member.email, 1, /invit/i)
    const token = /\/invites#([\w-]{43})\s/.exec(text)?.[1]
    await server.call('POST', `/api/user/invites/${token}/accept`, { cookie: member.cookie, body: {} })
    const made = await server.call('POST', '/api/auth/api-key/create', {
      cookie: member.cookie,
      body: { name: 'pinned', format: 'sna', metadata: { organizationId } },
    })
    const key = made.body.data.key
    const theirs = (await byOwner('POST', '/v1/posts', { title: 'theirs' })).body.data
    const mine = (await call(key, 'POST', '/v1/posts', { title: 'mine' })).body.data
    expect(mine.author_id).toBe(member.id)
    expect((await call(key, 'PATCH', `/v1/posts/${mine.id}`, { title: 'still mine' })).status).toBe(200)
    expect((await call(key, 'GET', `/v1/posts/${theirs.id}`)).body.data).toEqual(theirs)
    for (const method of ['PATCH', 'PUT', 'DELETE']) {
      const body = method === 'DELETE' ? undefined : { title: 'taken' }
      expect((await call(key, method, `/v1/posts/${theirs.id}`, body)).status).toBe(404)
    }
    const given = await call(key, 'PATCH', `/v1/posts/${mine.id}`, { author_id: owner.id })
    expect([given.status, given.body.details.missing]).toEqual([403, ['posts:update:author_id']])
    expect((await byOwner('GET', `/v1/posts/${theirs.id}`)).body.data.title).toBe('theirs')
    const users = await call(key, 'GET', '/v1/users?_sort=email')
    expect(users.body.data.map(({ id }: { id: string }) => id).sort()).toEqual([owner.id, member.id].sort())
  })

  test('of projects obey what the native API asks of a project', async () => {
    const made = await byOwner('POST', '/v1/projects', { name: '  Engine ', website: 'https://example.com' })
    expect([made.status, made.body.data]).toMatchObject([201, { name: 'Engine', slug: 'engine' }])
    const native = `/api/user/organizations/${owner.organizationId}/projects/${made.body.data.id}`
    expect((await byOwner('GET', native)).body.data).toMatchObject({ name: 'Engine', slug: 'engine' })
    for (const body of [{ slug: 'No Slug' }, { website: 'javascript:alert(1)' }, { timezone: 'Mars' }]) {
      const { status, body: answer } = await byOwner('PATCH', `/v1/projects/${made.body.data.id}`, body)
      expect([status, answer.errors[0].field]).toEqual([400, Object.keys(body)[0]])
    }
    expect((await byOwner('DELETE', `/v1/projects/${made.body.data.id}`)).status).toBe(204)
    expect((await byOwner('GET', native)).status).toBe(404)
  })

  test('sent twice with one Idempotency-Key are one', async () => {
    const send = (title: string) =>
      server.call('POST', '/v1/posts', {
        cookie: owner.cookie,
        headers: { 'idempotency-key': 'once' },
        body: { title },
      })
    const [first, again] = [await send('once'), await send('once')]
    expect([again.status, again.body]).toEqual([201, first.body])
    expect((await byOwner('GET', '/v1/posts?title=once')).body.meta.total).toBe(1)
  })
})
