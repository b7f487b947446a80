import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StorageEngine } from '../src/storage/engine'
import { openEngine } from '../src/storage/open-engine'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import {
  startTestServer,
  type TestCall,
  type TestServer,
  type TestUser,
} from '../src/testing/start-test-server'
import { type TwoFactorKit, twoFactorKit } from './kit/two-factor-kit'

const EXAMPLE = join(import.meta.dirname, '../../../examples/resources.json')
/** As the published page has it. */
const MAP = {
  posts: { read: ['id', 'title', 'body'], create: ['title', 'body'] },
  comments: { read: ['id', 'text'] },
}
const NOTES = {
  name: 'notes',
  fields: [
    { name: 'title', type: 'string', required: true },
    { name: 'stars', type: 'number' },
  ],
}

describeOnEachDatabase('the snaapi surface', createDatabase => {
  let server: TestServer
  let database: StorageEngine
  let kit: TwoFactorKit
  let owner: TestUser
  let guest: TestUser
  beforeAll(async () => {
    const databaseUrl = await createDatabase()
    server = await startTestServer({ databaseUrl, resources: EXAMPLE })
    database = await openEngine({ database: databaseUrl })
    kit = twoFactorKit(server)
    owner = await server.signUp()
    guest = await server.signUp()
    // Since before its own organization, so this one is its home.
    await database.db
      .insertInto('memberships')
      .values({
        organization_id: owner.organizationId,
        id: `m-${guest.id}`,
        user_id: guest.id,
        role: 'member',
        created_at: 1,
        updated_at: 1,
      })
      .execute()
  })
  afterAll(async () => {
    await database.close()
    await server.stop()
  })

  const askToken = async (body: unknown) => {
    const answer = await server.call('POST', '/token', { body })
    server.secrets.add(answer.body.key)
    return answer
  }
  const keyOf = async (user: TestUser, permissions?: unknown): Promise<string> => {
    const { key } = await server.createKey(user, { format: 'sna', scopes: [], permissions })
    return key
  }
  const call = (method: string, path: string, by: string | TestUser, body?: unknown) =>
    server.call(method, `/v1/${path}`, {
      ...(typeof by === 'string' ? { key: by } : { cookie: by.cookie }),
      ...(body !== undefined && { body }),
    })
  const setRole = (user: TestUser, role: string) =>
    server.call('PUT', `/api/user/organizations/${owner.organizationId}/members/m-${user.id}/role`, {
      cookie: owner.cookie,
      body: { role },
    })

  describe('takes for a credential', () => {
    const get = (more: TestCall) => server.call('GET', '/v1/posts', more)
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

    test('a session, a key, or a key as bearer; of several the first counts, even if it is wrong', async () => {
      const { cookie } = owner
      const key = await keyOf(owner)
      const native = await server.createKey(owner, { permissions: { posts: { read: ['title'] } } })
      for (const good of [{ cookie }, { key }, { key: native.key }, { headers: bearer(key) }])
        expect((await get(good)).status).toBe(200)
      expect((await get({ cookie, key: 'sna_wrong' })).status).toBe(200)
      expect((await get({ key, headers: bearer('wrong') })).status).toBe(200)
      for (const [bad, code] of [
        [{}, 'AUTHENTICATION_REQUIRED'],
        [{ cookie: 'snoop_session=wrong', key, headers: bearer(key) }, 'INVALID_OR_EXPIRED_TOKEN'],
        [{ key: '', headers: bearer(key) }, 'INVALID_API_KEY'],
        [{ key: `${key.slice(0, -1)}-`, headers: bearer(key) }, 'INVALID_API_KEY'],
        [{ headers: { authorization: 'Bearer' } }, 'NO_TOKEN_PROVIDED'],
        [{ headers: { authorization: `Basic ${key}` } }, 'NO_TOKEN_PROVIDED'],
        [{ headers: bearer(native.key) }, 'INVALID_OR_EXPIRED_TOKEN'],
        [{ headers: bearer(key.replace(/.$/, '-')) }, 'INVALID_API_KEY'],
      ] as const) {
        const { status, headers, body } = await get(bad)
        expect([status, body.code, headers.get('x-error-code')]).toEqual([401, code, code])
        expect(Object.keys(body)).toEqual(['code', 'message'])
      }
    })

    test('no key that is good elsewhere alone', async () => {
      const { key } = await server.createKey(owner, { format: 'snpy', scopes: [] })
      expect((await get({ key })).body.code).toBe('INVALID_API_KEY')
      const { key: native } = await server.createKey(owner)
      expect((await get({ key: native })).body.code).toBe('INSUFFICIENT_PERMISSIONS')
    })
  })

  test('narrows a key to its map, and to the role that its owner has now', async () => {
    await setRole(guest, 'admin')
    const key = await keyOf(guest, {
      ...MAP,
      posts: { ...MAP.posts, delete: [] },
      tickets: { read: ['internal_note'] },
    })
    const made = await call('POST', 'posts', key, { title: 'One', body: 'Two' })
    expect(made.status).toBe(201)
    expect(Object.keys(made.body.data).sort()).toEqual(['body', 'created_at', 'id', 'title', 'updated_at'])
    const refused = await call('POST', 'posts', key, { title: 'One', status: 'draft' })
    expect([refused.status, refused.body.details.missing]).toEqual([403, ['posts:create:status']])
    expect((await call('POST', 'comments', key, { text: 'No' })).status).toBe(403)
    const ticket = await call('POST', 'tickets', owner, {
      number: 1,
      subject: 'S',
      status: 'open',
      internal_note: 'N',
    })
    const noteSeen = async () =>
      (await call('GET', `tickets/${ticket.body.data.id}`, key)).body.data.internal_note
    expect(await noteSeen()).toBe('N')
    const foreign = (await call('POST', 'posts', owner, { title: 'Not mine' })).body.data.id

    expect((await setRole(guest, 'member')).status).toBe(200)
    expect(await noteSeen()).toBeUndefined()
    expect((await call('DELETE', `posts/${foreign}`, key)).status).toBe(404)
    expect((await call('DELETE', `posts/${made.body.data.id}`, key)).status).toBe(204)
    await setRole(guest, 'admin')
    expect(await noteSeen()).toBe('N')
    expect((await call('DELETE', `posts/${foreign}`, key)).status).toBe(204)
    await setRole(guest, 'member')
  })

  test('refuses a key at once that was disabled, or whose map was narrowed', async () => {
    const { key, id: keyId } = await server.createKey(owner, { format: 'sna', scopes: [], permissions: MAP })
    const change = (changed: object) =>
      server.call('POST', '/api/auth/api-key/update', {
        cookie: owner.cookie,
        body: { keyId, ...changed },
      })
    const status = async () => (await call('GET', 'comments', key)).status
    expect(await status()).toBe(200)
    expect((await change({ permissions: { posts: MAP.posts } })).status).toBe(200)
    expect(await status()).toBe(403)
    await change({ permissions: MAP })
    expect(await status()).toBe(200)
    await change({ enabled: false })
    expect(await status()).toBe(401)
    await change({ enabled: true })
    expect(await status()).toBe(200)
  })

  test('serves what an operator has defined in a file, by its rules', async () => {
    const ticket = { number: 7, subject: 'Broken', status: 'open' }
    const mine = await call('POST', 'tickets', guest, ticket)
    expect([mine.status, mine.body.data.reporter_id]).toEqual([201, guest.id])
    expect(mine.body.data).not.toHaveProperty('internal_note')
    expect((await call('POST', 'tickets', guest, ticket)).body.code).toBe('CONFLICT')
    for (const wrong of [{ status: 'closed' }, { reporter_id: owner.id }, { internal_note: 'x' }])
      expect((await call('POST', 'tickets', guest, { ...ticket, number: 8, ...wrong })).status).toBe(403)
    const path = `tickets/${mine.body.data.id}`
    expect((await call('PATCH', path, guest, { body: 'More' })).status).toBe(200)
    expect((await call('PATCH', path, guest, { status: 'closed' })).status).toBe(403)
    expect((await call('PATCH', path, owner, { status: 'closed' })).status).toBe(200)
    expect((await call('PATCH', path, guest, { body: 'Too late' })).status).toBe(404)
    expect((await call('DELETE', path, guest)).status).toBe(403)
    expect((await call('PUT', '_resources/tickets', owner, { fields: NOTES.fields })).body.code).toBe(
      'CONFLICT',
    )
  })

  test('defines, shows, changes and deletes resources', async () => {
    const made = await call('POST', '_resources', owner, NOTES)
    expect(made.status).toBe(201)
    expect(made.body.data).toMatchObject({
      name: 'notes',
      origin: 'organization',
      fields: [{ name: 'title', required: true, unique: false }, { name: 'stars' }],
    })
    expect((await call('POST', 'notes', owner, { title: 'One' })).status).toBe(201)
    const shown = await call('GET', '_resources/notes', guest)
    expect(Object.keys(shown.body.data)).toEqual(['name', 'origin', 'fields'])
    const listed = await call('GET', '_resources', guest)
    expect(listed.body.data.map(({ name }: { name: string }) => name)).toEqual([
      'posts',
      'comments',
      'projects',
      'users',
      'tickets',
      'announcements',
      'notes',
    ])
    const { name: _, ...change } = NOTES
    const rules = [{ role: 'owner', action: 'read' }]
    expect((await call('PUT', '_resources/notes', owner, { ...change, rules })).body.data.rules).toHaveLength(
      1,
    )
    expect((await call('GET', 'notes', guest)).status).toBe(403)
    expect((await call('GET', '_resources/notes', guest)).status).toBe(403)
    expect((await call('DELETE', '_resources/notes', guest)).status).toBe(403)
    const gone = await call('DELETE', '_resources/notes', await keyOf(owner))
    expect([gone.status, gone.body]).toEqual([204, ''])
    const missing = await call('GET', 'notes', owner)
    expect([missing.status, missing.body.code]).toEqual([404, 'NOT_FOUND'])
    expect(missing.body.message).toContain('there are posts, comments')
  })

  test('says what is wrong with a definition, and who may not make one', async () => {
    const wrong = await call('POST', '_resources', owner, {
      ...NOTES,
      fields: [{ name: 'id', type: 'string' }],
      rules: [{ role: 'member', action: 'read', fields: ['gone'] }],
    })
    expect(wrong.status).toBe(400)
    expect(wrong.body.errors).toEqual([
      { field: 'fields.0.name', error: 'Every row has id anyway', location: 'body' },
      { field: 'rules.0.fields.0', error: 'There is no field gone to read', location: 'body' },
    ])
    const mistyped = { ...NOTES, rules: [{ role: 'member', action: 'read', filter: [] }] }
    expect((await call('POST', '_resources', owner, mistyped)).body.errors[0].field).toBe('rules.0')
    expect((await call('POST', '_resources', owner, { ...NOTES, name: '_x' })).status).toBe(400)
    expect((await call('POST', '_resources', owner, { ...NOTES, name: 'posts' })).body).toMatchObject({
      code: 'CONFLICT',
      details: { field: 'name' },
    })
    expect((await call('POST', '_resources', guest, NOTES)).status).toBe(403)
    expect((await call('POST', '_resources', await keyOf(owner, MAP), NOTES)).body.code).toBe(
      'NO_PERMISSIONS',
    )
  })

  describe('makes a key by password', () => {
    test('for what there is: unknown resources, actions and fields of a map are named', async () => {
      const { email, password } = owner
      for (const [permissions, field] of [
        [{ gone: { read: ['id'] } }, 'permissions.gone'],
        [{ posts: { publish: ['id'] } }, 'permissions.posts'],
        [{ posts: { read: ['id', 'gone'] } }, 'permissions.posts.read'],
        [{ posts: { create: ['id'] } }, 'permissions.posts.create'],
      ] as const) {
        const { status, body } = await askToken({ email, password, permissions })
        expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR'])
        expect(body.errors.map((problem: { field: string }) => problem.field)).toEqual([field])
      }
      const made = await askToken({ email, password, permissions: MAP, name: 'CI', expiresIn: 60 })
      expect(made.status).toBe(200)
      expect(Object.keys(made.body)).toEqual(['key'])
      expect((await call('GET', 'posts', made.body.key)).status).toBe(200)
      kit.advance(61_000)
      expect((await call('GET', 'posts', made.body.key)).status).toBe(401)
    })

    test('with the lock-out of the native sign-in, and one answer for whoever is not let in', async () => {
      const user = await server.signUp()
      const { email, password } = user
      const unknown = await askToken({ email: 'nobody@example.com', password: 'x' })
      const wrong = await askToken({ email, password: 'x' })
      expect([wrong.status, wrong.body]).toEqual([401, unknown.body])
      for (let n = 0; n < 3; n++) await askToken({ email, password: 'x' })
      await kit.post('/sign-in/email', { email, password: 'x' })
      const locked = await askToken({ email, password })
      expect([locked.status, locked.body.code]).toEqual([429, 'RATE_LIMIT_ERROR'])
      expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0)
      expect((await kit.signIn(user)).status).toBe(429)
    })

    test('with the code of a second factor, where there is one', async () => {
      const user = await kit.signUpWith('totp')
      const { email, password } = user
      const asked = await askToken({ email, password })
      expect([asked.status, asked.body.code, asked.body.errors[0].field]).toEqual([
        401,
        'INVALID_CREDENTIALS',
        'code',
      ])
      expect((await askToken({ email, password, code: kit.wrongTotp(user.secret) })).status).toBe(401)
      expect((await askToken({ email, password, code: kit.newTotp(user.secret) })).status).toBe(200)
      expect((await askToken({ email, password, code: user.backupCodes[0] })).status).toBe(200)
    })
  })
})
