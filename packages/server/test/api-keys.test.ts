import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import {
  ALL_SCOPES,
  startTestServer,
  type TestCall,
  type TestServer,
  type TestUser,
} from '../src/testing/start-test-server'

describeOnEachDatabase('API keys', createDatabase => {
  let server: TestServer
  let user: TestUser
  beforeAll(async () => {
    server = await startTestServer({ databaseUrl: await createDatabase() })
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    user = await server.signUp()
  })

  const post = (path: string, body: unknown, call: TestCall = { cookie: user.cookie }) =>
    server.call('POST', `/api/auth/api-key${path}`, { ...call, body })
  const get = (path: string, call: TestCall = { cookie: user.cookie }) =>
    server.call('GET', `/api/auth/api-key${path}`, call)
  const record = async (id: string) => (await get(`/get?id=${id}`)).body.data
  const me = (key: string) => server.call('GET', '/api/user/me', { key })

  test('show their secret once, and nothing that it could be found by ever after', async () => {
    const created = await post('/create', { name: 'ci', scopes: ['user:read'], expiresIn: 3600 })
    expect(Object.keys(created.body.data)).toEqual(['id', 'name', 'key', 'scopes', 'expiresAt'])
    const { id, key } = created.body.data
    const later = [
      await get('/list'),
      await get(`/get?id=${id}`),
      await post('/update', { keyId: id, name: 'renamed' }),
      await post('/verify', { key }),
      await post('/delete', { keyId: id }),
    ]
    for (const { status, body } of later) {
      expect(status).toBe(200)
      expect(JSON.stringify(body)).not.toContain(key.slice(9))
      expect(JSON.stringify(body)).not.toMatch(/hash/i)
    }
    expect((await record(id)).start).toBe(key.slice(0, 9))
  })

  test('carry exactly the scopes that they were made with', async () => {
    const { key } = await server.createKey(user, { scopes: ['user:write', 'user:write', 'projects:read'] })
    expect((await post('/verify', { key })).body.data.scopes).toEqual(['user:write', 'projects:read'])
    const answer = await me(key)
    expect([answer.status, answer.body.code, answer.body.meta]).toEqual([
      403,
      'API_KEY_MISSING_SCOPES',
      { required: ['user:read'], missing: ['user:read'] },
    ])
    const none = await post('/create', { name: 'none' })
    expect(none.body.data.scopes).toEqual([])
    expect((await me(none.body.data.key)).body.code).toBe('NO_SCOPES_AVAILABLE')
    expect((await post('/create', { name: 'x', scopes: ['admin:all'] })).status).toBe(400)
  })

  test('cannot be given to somebody else, or more by fields that nobody asked for', async () => {
    const stranger = await server.signUp()
    const forged = {
      userId: stranger.id,
      organizationId: stranger.organizationId,
      permissions: {},
      enabled: false,
    }
    const { body } = await post('/create', { name: 'x', scopes: ['user:read'], ...forged, expires_at: null })
    expect((await me(body.data.key)).body.data.id).toBe(user.id)
    const change = {
      keyId: body.data.id,
      scopes: ALL_SCOPES,
      userId: stranger.id,
      key_hash: 'x',
      rotatedTo: 'x',
    }
    expect(
      (await post('/update', { ...change, organizationId: user.organizationId })).body.data,
    ).toMatchObject({
      scopes: ['user:read'],
      userId: user.id,
      organizationId: null,
      rotatedTo: null,
    })
  })

  test('pinned to an organization are good for that one, and made for one of the own only', async () => {
    const stranger = await server.signUp()
    const other = await server.call('POST', '/api/user/organizations', {
      cookie: user.cookie,
      body: { name: 'Other' },
    })
    const pinTo = (organizationId: string) => ({
      name: 'pinned',
      scopes: ALL_SCOPES,
      metadata: { organizationId },
    })
    for (const organizationId of [stranger.organizationId, 'nobodys']) {
      expect((await post('/create', pinTo(organizationId))).body.code).toBe('FORBIDDEN')
    }
    for (const organizationId of ['', '../x', null, 7, {}]) {
      expect((await post('/create', { ...pinTo(''), metadata: { organizationId } })).status).toBe(400)
    }
    const { key } = await server.createKey(user, pinTo(user.organizationId))
    const projects = (id: string) => server.call('GET', `/api/user/organizations/${id}/projects`, { key })
    expect((await projects(user.organizationId)).status).toBe(200)
    for (const id of [other.body.data.id, stranger.organizationId, 'nobodys']) {
      expect((await projects(id)).body.code).toBe('FORBIDDEN')
    }
    const listed = await server.call('GET', '/api/user/organizations', { key })
    expect(listed.body.data.map(({ id }: { id: string }) => id)).toEqual([user.organizationId])
    const child = await post('/create', { name: 'child', scopes: ['user:read'] }, { key })
    expect((await record(child.body.data.id)).organizationId).toBe(user.organizationId)
    expect((await post('/create', pinTo(other.body.data.id), { key })).body.code).toBe('FORBIDDEN')
  })

  describe('rotated', () => {
    test('answer with a new secret, then 409 that names the successor', async () => {
      const { key, id } = await server.createKey(user, {
        expiresIn: 3600,
        scopes: ['user:read'],
        name: 'deploy',
      })
      const rotated = await post('/rotate', { keyId: id, gracePeriod: 60 })
      expect(rotated.body.message).toBe('API key rotated')
      expect(rotated.body.data).toMatchObject({ name: 'deploy', scopes: ['user:read'] })
      expect(rotated.body.data.expiresAt).toBe((await record(rotated.body.data.id)).expiresAt)
      const again = await post('/rotate', { keyId: id })
      expect([again.status, again.body.code, again.body.meta]).toEqual([
        409,
        'CONFLICT',
        { rotatedTo: rotated.body.data.id },
      ])
      expect((await record(id)).state).toBe('active')
      expect([(await me(key)).status, (await me(rotated.body.data.key)).status]).toEqual([200, 200])
      server.advance(60_000)
      expect([(await me(key)).status, (await me(rotated.body.data.key)).status]).toEqual([401, 200])
      expect(await record(id)).toMatchObject({ state: 'rotated', rotatedTo: rotated.body.data.id })
      expect(server.log()).toContain('"event":"api_key.rotated_out_used"')
    })

    test('again by the same Idempotency-Key give a fresh secret until the first use', async () => {
      const { id } = await server.createKey(user)
      const rotate = (requestKey: string) =>
        post('/rotate', { keyId: id }, { cookie: user.cookie, headers: { 'idempotency-key': requestKey } })
      const [lost, found] = [(await rotate('a')).body.data, (await rotate('a')).body.data]
      expect(found.id).toBe(lost.id)
      expect((await rotate('b')).body.meta).toEqual({ rotatedTo: lost.id })
      expect([(await me(lost.key)).status, (await me(found.key)).status]).toEqual([401, 200])
      expect((await rotate('a')).body.meta).toEqual({ rotatedTo: lost.id })
      expect((await me(found.key)).status).toBe(200)
    })

    test('by a key give it no longer life, and say so by the field that was sent', async () => {
      const { key, id } = await server.createKey(user, { expiresIn: 3600 })
      const longer = await post('/rotate', { keyId: id, expiresIn: 7200 }, { key })
      expect(longer.body.meta.errors).toMatchObject([{ field: 'expiresIn' }])
      const created = await post('/create', { name: 'x', expiresIn: 7200 }, { key })
      expect(created.body.meta.errors).toMatchObject([{ field: 'expiresIn' }])
      const updated = await post('/update', { keyId: id, expiresAt: null }, { key })
      expect(updated.body.meta.errors).toMatchObject([{ field: 'expiresAt' }])
      expect((await post('/rotate', { keyId: id, expiresIn: 60 }, { key })).status).toBe(200)
    })
  })

  test('verified for a stranger answer byte for byte like a key that does not exist', async () => {
    const stranger = await server.signUp()
    const { key } = await server.createKey(stranger, { rateLimitMax: 3 })
    const raw = async (text: string) => {
      const { body, headers, status } = await post('/verify', { key: text })
      return { status, body: JSON.stringify(body), length: headers.get('content-length') }
    }
    const unknown = await raw('ba_nothing')
    expect(JSON.parse(unknown.body).data).toEqual({
      valid: false,
      code: 'NOT_FOUND',
      keyId: null,
      userId: null,
      scopes: [],
      organizationId: null,
      rateLimit: null,
      expiresAt: null,
    })
    expect(await raw(key)).toEqual(unknown)
  })

  test('verified tell another service what it needs', async () => {
    const { key, id } = await server.createKey(user, {
      scopes: ['user:read'],
      metadata: { organizationId: user.organizationId },
      rateLimitMax: 2,
      expiresIn: 3600,
    })
    const { body } = await post('/verify', {
      key,
      scopes: ['user:read'],
      organizationId: user.organizationId,
    })
    expect(body.data).toEqual({
      valid: true,
      code: 'VALID',
      keyId: id,
      userId: user.id,
      scopes: ['user:read'],
      organizationId: user.organizationId,
      rateLimit: { limit: 2, remaining: 1, reset: 60 },
      expiresAt: (await record(id)).expiresAt,
    })
    await me(key)
    expect((await me(key)).status).toBe(429)
    expect((await post('/verify', { key })).body.data).toMatchObject({ valid: false, code: 'RATE_LIMITED' })
    const asker = await server.createKey(user, { scopes: ['user:read'] })
    expect((await post('/verify', { key }, { key: asker.key })).body.code).toBe('API_KEY_MISSING_SCOPES')
  })

  test('are limited to ten live ones, with 409', async () => {
    const created = await Promise.all(Array.from({ length: 11 }, () => post('/create', { name: 'x' })))
    expect(created.map(({ status }) => status).sort()).toEqual([...Array(10).fill(200), 409])
    const refused = created.find(({ status }) => status === 409)
    expect(refused?.body).toEqual({
      success: false,
      status: 409,
      code: 'KEY_LIMIT_REACHED',
      message: 'An account may have 10 live API keys of the format ba; revoke one first',
    })
    const keyId = created.find(({ status }) => status === 200)?.body.data.id
    await post('/delete', { keyId })
    expect((await post('/create', { name: 'x' })).status).toBe(200)
  })

  test('deleted are refused on the next request, stay listed, and deleting again changes nothing', async () => {
    const { key, id } = await server.createKey(user)
    expect((await me(key)).status).toBe(200)
    const first = await post('/delete', { keyId: id })
    expect(first.body.data).toMatchObject({ id, state: 'revoked' })
    expect((await me(key)).body.code).toBe('INVALID_API_KEY')
    server.advance(1000)
    expect((await post('/delete', { keyId: id })).body.data).toEqual(first.body.data)
    expect((await get('/list?state=revoked')).body.data).toEqual([first.body.data])
    expect((await get('/list?state=active')).body.meta.total).toBe(0)
  })

  test('that expired are refused, say so, and cannot be brought back', async () => {
    const { key, id } = await server.createKey(user, { expiresIn: 60 })
    server.advance(60_000)
    expect((await me(key)).body.code).toBe('INVALID_API_KEY')
    expect((await post('/verify', { key })).body.data).toMatchObject({
      valid: false,
      code: 'EXPIRED',
      keyId: id,
    })
    expect((await post('/update', { keyId: id, expiresAt: null })).status).toBe(409)
    expect((await me(key)).status).toBe(401)
  })

  test('know how often and when they were used, right after a clean stop', async () => {
    const { key, id } = await server.createKey(user, { rateLimitMax: 100 })
    for (let request = 0; request < 7; request++) await me(key)
    expect(await record(id)).toMatchObject({ requestCount: 7, remaining: 93 })
    const { lastRequest } = await record(id)
    await server.restart()
    expect(await record(id)).toMatchObject({ requestCount: 7, lastRequest })
    await me(key)
    expect((await record(id)).requestCount).toBe(8)
  })

  test('of the surfaces are made, shown, found, changed and verified like any other', async () => {
    const permissions = { posts: { read: ['id', 'title'], create: ['title'] } }
    const bucket = { rateLimitMax: 9, refillAmount: 3, refillInterval: 2000 }
    const { key, id } = await server.createKey(user, { format: 'sna', scopes: [], permissions, ...bucket })
    const qr = await server.createKey(user, { format: 'snpy', scopes: ['qr:read'] })
    const snt = await server.createKey(user, { format: 'snt', scopes: [] })
    expect([key.slice(0, 4), qr.key.slice(0, 5), snt.key.slice(0, 4)]).toEqual(['sna_', 'snpy_', 'snt_'])
    expect(await record(id)).toMatchObject({
      format: 'sna',
      prefix: 'sna_',
      permissions,
      ...bucket,
      remaining: 9,
    })
    const ids = async (query: string) =>
      (await get(`/list?sort=createdAt&${query}`)).body.data.map((found: { id: string }) => found.id)
    expect(await ids('format=snpy')).toEqual([qr.id])
    expect(await ids(`q=${key.slice(0, 10)}`)).toEqual([id])
    const verified = (await post('/verify', { key })).body.data
    expect(verified).toMatchObject({ code: 'VALID', rateLimit: { limit: 9, remaining: 8, reset: 2 } })
    const scoped = { key: qr.key, scopes: ['qr:read', 'url:read'] }
    expect((await post('/verify', scoped)).body.data).toMatchObject({ code: 'INSUFFICIENT_SCOPES' })
    expect((await post('/verify', { ...scoped, scopes: ['qr:read'] })).body.data.code).toBe('VALID')
    const change = { keyId: id, enabled: false, permissions: null, refillAmount: null, refillInterval: null }
    expect((await post('/update', change)).body.data).toMatchObject({
      state: 'disabled',
      permissions: null,
      refillAmount: null,
      refillInterval: null,
    })
    server.advance(60_000)
    await post('/verify', { key: snt.key })
    const time = (ago: number) => encodeURIComponent(new Date(server.now() - ago).toISOString())
    expect(await ids(`unusedSince=${time(30_000)}`)).toEqual([id, qr.id])
    expect(await ids(`expiringBefore=${time(0)}`)).toEqual([])
    expect((await get('/list?unusedSince=yesterday')).body.code).toBe('VALIDATION_ERROR')
  })

  test('are refused for what they cannot have, each by the name of the field', async () => {
    const refusal = async (body: object) => {
      const { status, body: answer } = await post('/create', { name: 'x', ...body })
      return [
        status,
        answer.meta?.errors?.map(({ field, error }: Record<string, string>) => `${field}: ${error}`),
      ]
    }
    const actions = 'there are create, read, update, delete'
    expect(await refusal({ permissions: { posts: { fly: ['id'] } } })).toEqual([
      400,
      [`permissions.posts: Unknown action; ${actions}`],
    ])
    expect(await refusal({ permissions: { posts: 'read' } })).toEqual([
      400,
      [expect.not.stringContaining('Unknown action')],
    ])
    expect(await refusal({ permissions: { posts: { read: ['secret'] } } })).toEqual([
      400,
      [expect.stringMatching(/^permissions\.posts\.read: Unknown: "secret"; the fields are id, /)],
    ])
    expect(await refusal({ permissions: { ghosts: { read: [] } } })).toEqual([
      400,
      [expect.stringMatching(/^permissions\.ghosts: Unknown resource; there are posts, comments, /)],
    ])
    for (const body of [
      { format: 'xyz' },
      { scopes: ['url:read'] },
      { format: 'sna', scopes: ['user:read'] },
    ])
      expect((await refusal(body))[0]).toBe(400)
    expect((await refusal({ refillAmount: 5 }))[1]).toEqual([expect.stringMatching(/^refillInterval: /)])
    const { key } = await server.createKey(user)
    for (const format of ['snpy', 'snt', 'sna']) {
      const { status, body } = await post('/create', { name: 'x', format }, { key })
      expect([status, body.code]).toEqual([403, 'NO_PERMISSIONS'])
    }
  })
})
