import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { StorageEngine } from '../src/storage/engine'
import { openEngine } from '../src/storage/open-engine'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import {
  startTestServer,
  type TestCall,
  type TestServer,
  type TestUser,
} from '../src/testing/start-test-server'

const BASE = '/api/user/organizations'

describeOnEachDatabase('organizations', createDatabase => {
  let server: TestServer
  let database: StorageEngine
  let owner: TestUser
  let guest: TestUser
  beforeAll(async () => {
    const databaseUrl = await createDatabase()
    server = await startTestServer({ databaseUrl })
    database = await openEngine({ database: databaseUrl })
  })
  afterAll(async () => {
    await database.close()
    await server.stop()
  })
  beforeEach(async () => {
    owner = await server.signUp('Olga Owner')
    guest = await server.signUp('Gustav Guest')
  })

  const call = (method: string, path: string, by: TestUser, body?: unknown, more: TestCall = {}) =>
    server.call(method, BASE + path, { cookie: by.cookie, ...(body !== undefined && { body }), ...more })
  /** Straight into the table, as another process would. */
  const join = (user: TestUser, role: string) =>
    database.db
      .insertInto('memberships')
      .values({
        organization_id: owner.organizationId,
        id: `m-${user.id}`,
        user_id: user.id,
        role,
        created_at: 1,
        updated_at: 1,
      })
      .execute()
  const setRole = (user: TestUser, role: string) =>
    database.db
      .updateTable('memberships')
      .set({ role })
      .where('organization_id', '=', owner.organizationId)
      .where('user_id', '=', user.id)
      .execute()
  const leave = (user: TestUser) =>
    database.db
      .deleteFrom('memberships')
      .where('organization_id', '=', owner.organizationId)
      .where('user_id', '=', user.id)
      .execute()

  test('are made, found, renamed and listed', async () => {
    const made = await call('POST', '', owner, { name: '  Acme & Sons  ' })
    expect([made.status, made.body.message]).toEqual([201, 'Organization created successfully'])
    expect(made.body.data).toMatchObject({ name: 'Acme & Sons', role: 'owner', memberCount: 1 })
    expect(made.body.data.slug).toMatch(/^acme-sons(-\d+)?$/)
    const path = `/${made.body.data.id}`
    expect((await call('GET', path, owner)).body.data).toEqual(made.body.data)
    server.advance(10)
    const still = await call('PUT', path, owner, {})
    expect(still.body.data).toEqual({ ...made.body.data, updatedAt: still.body.data.updatedAt })
    expect(still.body.data.updatedAt > made.body.data.updatedAt).toBe(true)
    expect((await call('PUT', path, owner, { name: 'New' })).body.data).toMatchObject({
      name: 'New',
      slug: made.body.data.slug,
    })
    const listed = await call('GET', '?sort=name', owner)
    expect(listed.body.data.map(({ name }: { name: string }) => name)).toEqual([
      'New',
      "Olga Owner's organization",
    ])
    expect(listed.body.meta).toEqual({ total: 2, offset: 0, limit: 20, hasMore: false })
    expect((await call('GET', '?limit=1', owner)).body.meta).toEqual({
      total: 2,
      offset: 0,
      limit: 1,
      hasMore: true,
    })
  })

  test('have a slug of their own', async () => {
    const slug = `mine-${owner.id.toLowerCase()}`
    await call('POST', '', owner, { name: 'Mine', slug })
    const answers = [
      await call('POST', '', guest, { name: 'Theirs', slug }),
      await call('PUT', `/${guest.organizationId}`, guest, { slug }),
    ]
    for (const { status, body } of answers) {
      expect([status, body.code, body.meta]).toEqual([409, 'CONFLICT', { field: 'slug' }])
    }
    for (const wrong of ['', '-a', 'a-', 'A', 'a b', 'ä', 'a'.repeat(64)]) {
      expect((await call('POST', '', owner, { name: 'x', slug: wrong })).status).toBe(400)
    }
  })

  test('show strangers the same as if they were not there', async () => {
    for (const path of ['', '/members', '/my-membership', '/projects']) {
      const [theirs, nobodys] = [
        await call('GET', `/${owner.organizationId}${path}`, guest),
        await call('GET', `/01HZ3K5R4X9Y2V6QF8TJ7W0CDN${path}`, guest),
      ]
      expect([theirs.status, theirs.body.code]).toEqual([403, 'FORBIDDEN'])
      expect(theirs.body).toEqual(nobodys.body)
    }
  })

  test('show their members who they are and what they may', async () => {
    await join(guest, 'member')
    const path = `/${owner.organizationId}`
    expect((await call('GET', `${path}/my-membership`, guest)).body.data).toEqual({
      id: `m-${guest.id}`,
      organizationId: owner.organizationId,
      userId: guest.id,
      email: guest.email,
      fullName: 'Gustav Guest',
      role: 'member',
      permissions: ['organization:read'],
      createdAt: '1970-01-01T00:00:00.001Z',
    })
    const members = await call('GET', `${path}/members?sort=fullName`, guest)
    expect(members.body.data.map(({ fullName, role }: Record<string, string>) => [fullName, role])).toEqual([
      ['Gustav Guest', 'member'],
      ['Olga Owner', 'owner'],
    ])
    expect(members.body.meta.total).toBe(2)
    expect((await call('GET', `${path}/members?q=olga`, guest)).body.meta.total).toBe(1)
    expect((await call('GET', path, guest)).body.data).toMatchObject({ role: 'member', memberCount: 2 })
  })

  test('go by the role of the moment, for sessions and keys alike', async () => {
    await join(guest, 'admin')
    const { key } = await server.createKey(guest)
    const pinned = await server.createKey(guest, { metadata: { organizationId: owner.organizationId } })
    const rename = async () => {
      const credentials = [{ cookie: guest.cookie }, { key }, { key: pinned.key }]
      const answers = await Promise.all(
        credentials.map(by =>
          server.call('PUT', `${BASE}/${owner.organizationId}`, { ...by, body: { name: 'x' } }),
        ),
      )
      return answers.map(({ body }) => body.code)
    }
    expect(await rename()).toEqual(Array(3).fill('OK'))
    await setRole(guest, 'member')
    expect(await rename()).toEqual(Array(3).fill('INSUFFICIENT_PERMISSIONS'))
    await setRole(guest, 'owner')
    expect(await rename()).toEqual(Array(3).fill('OK'))
    await leave(guest)
    expect(await rename()).toEqual(Array(3).fill('FORBIDDEN'))
    expect((await server.call('GET', BASE, { key: pinned.key })).body.data).toEqual([])
    expect((await server.call('GET', '/api/user/me', { key })).status).toBe(200)
  })

  test('are shared, handed over, left and deleted', async () => {
    await join(guest, 'member')
    const path = `/${owner.organizationId}`
    const guestId = `m-${guest.id}`
    const pinned = await server.createKey(guest, { metadata: { organizationId: owner.organizationId } })

    const role = await call('PUT', `${path}/members/${guestId}/role`, owner, { role: 'admin' })
    expect([role.status, role.body.data]).toMatchObject([200, { id: guestId, role: 'admin' }])
    const rise = await call('PUT', `${path}/members/${guestId}/role`, guest, { role: 'owner' })
    expect([rise.status, rise.body.code]).toEqual([403, 'INSUFFICIENT_PERMISSIONS'])
    const last = await call('POST', `${path}/leave`, owner, {})
    expect([last.status, last.body.code]).toEqual([409, 'CONFLICT'])
    expect(last.body.message).toContain('Make another member an owner first')

    const handedOver = await call('POST', `${path}/transfer`, owner, { memberId: guestId })
    expect([handedOver.status, handedOver.body.data]).toMatchObject([200, { id: guestId, role: 'owner' }])
    const left = await call('POST', `${path}/leave`, owner)
    expect([left.status, left.body.data]).toEqual([200, { organizationId: owner.organizationId, left: true }])
    expect((await call('GET', path, owner)).body.code).toBe('FORBIDDEN')

    const { key } = await server.createKey(guest)
    expect((await server.call('DELETE', BASE + path, { key })).body.code).toBe('NO_PERMISSIONS')
    server.advance(15 * 60_000)
    expect((await call('DELETE', path, guest)).body.code).toBe('FRESH_SESSION_REQUIRED')
    const again = { password: guest.password }
    const fresh = await server.call('POST', '/api/auth/reauthenticate', { cookie: guest.cookie, body: again })
    const deleted = await server.call('DELETE', BASE + path, { cookie: fresh.cookie })
    expect([deleted.status, deleted.body.data]).toEqual([200, { id: owner.organizationId, deleted: true }])
    expect((await server.call('GET', BASE + path, { cookie: fresh.cookie })).body.code).toBe('FORBIDDEN')
    expect((await server.call('GET', '/api/user/me', { key: pinned.key })).body.code).toBe('INVALID_API_KEY')
  })

  test('lose a member who is removed, whose keys end', async () => {
    await join(guest, 'member')
    const pinned = await server.createKey(guest, { metadata: { organizationId: owner.organizationId } })
    const path = `/${owner.organizationId}/members/m-${guest.id}`
    expect((await call('DELETE', path, guest)).body.code).toBe('INSUFFICIENT_PERMISSIONS')
    const removed = await call('DELETE', path, owner)
    expect([removed.status, removed.body.data]).toEqual([200, { id: `m-${guest.id}`, removed: true }])
    expect((await call('DELETE', path, owner)).body.code).toBe('NOT_FOUND')
    expect((await server.call('GET', '/api/user/me', { key: pinned.key })).body.code).toBe('INVALID_API_KEY')
  })
})
