import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StorageEngine } from '../src/storage/engine'
import { openEngine } from '../src/storage/open-engine'
import type { Database } from '../src/storage/schema'
import { fillAccount, findUserTables } from '../src/testing/fill-account'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { searchTables } from '../src/testing/search-tables'
import { startTestServer, type TestServer, type TestUser } from '../src/testing/start-test-server'

const MINUTE = 60_000

describeOnEachDatabase('an account', createDatabase => {
  let server: TestServer
  let database: StorageEngine
  beforeAll(async () => {
    const databaseUrl = await createDatabase()
    server = await startTestServer({ databaseUrl })
    database = await openEngine({ database: databaseUrl })
  })
  afterAll(async () => {
    await database.close()
    await server.stop()
  })

  const auth = (method: string, path: string, cookie: string, body?: unknown) =>
    server.call(method, `/api/auth${path}`, { cookie, ...(body !== undefined && { body }) })
  const mine = (method: string, path: string, credential: { cookie?: string; key?: string }) =>
    server.call(method, `/api/user/me${path}`, credential)
  /** A browser of its own: with a device cookie besides the session. */
  const signIn = async ({ email, password }: TestUser, userAgent = 'test', cookie?: string) => {
    const answer = await server.call('POST', '/api/auth/sign-in/email', {
      headers: { 'user-agent': userAgent },
      body: { email, password },
      cookie,
    })
    return { answer, cookie: answer.cookies.join('; ') }
  }
  const addMember = (organizationId: string, { id }: TestUser, role: string) =>
    database.db
      .insertInto('memberships')
      .values({
        organization_id: organizationId,
        id: `${role}-${id}`,
        user_id: id,
        role,
        created_at: 0,
        updated_at: 0,
      })
      .execute()

  describe('asked for its ways to sign in', () => {
    test('is told from no account only by a passkey', async () => {
      const [user, other] = [await server.signUp(), await server.signUp()]
      await fillAccount(database.db, { ...other, userId: other.id }, Date.now())
      const ask = async (email: string) => {
        const { status, body } = await server.call('POST', '/api/auth/identify', { body: { email } })
        return { status, data: body.data }
      }
      const password = {
        status: 200,
        data: {
          method: 'password',
          ssoProvider: null,
          ssoRedirectUrl: null,
          hasPasskey: false,
          allowMagicLink: true,
        },
      }
      expect(await ask(user.email)).toEqual(password)
      expect(await ask('nobody@example.com')).toEqual(password)
      expect((await ask(other.email)).data.hasPasskey).toBe(true)
    })
  })

  describe('its login history', () => {
    test('is shown newest first, in pages, to its owner alone', async () => {
      const [user, other] = [await server.signUp(), await server.signUp()]
      await signIn({ ...user, password: 'not the password' }, 'a thief')
      await signIn(user, 'Firefox 1')
      const history = async (query = '') =>
        (await mine('GET', `/login-history${query}`, { cookie: user.cookie })).body
      await expect.poll(async () => (await history()).meta.total).toBe(3)
      const { data, meta } = await history()
      expect(data[0]).toEqual({
        createdAt: expect.stringMatching(/Z$/),
        method: 'password',
        ipAddress: '127.0.0.1',
        userAgent: 'Firefox 1',
        success: true,
      })
      expect(data.map(({ success }: { success: boolean }) => success)).toEqual([true, false, true])
      expect(meta).toEqual({ total: 3, offset: 0, limit: 20, hasMore: false })
      expect((await history('?limit=1&offset=1')).data).toEqual([data[1]])
      expect((await history('?q=thief')).data).toEqual([data[1]])
      expect((await mine('GET', '/login-history', { cookie: other.cookie })).body.meta.total).toBe(1)
    })
  })

  describe('its devices', () => {
    test('are listed with the one of the request, and can be forgotten by their owner alone', async () => {
      const [user, other] = [await server.signUp(), await server.signUp()]
      const laptop = await signIn(user, 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0')
      const list = async (cookie: string) => (await auth('GET', '/list-devices', cookie)).body.data
      const [newest, first] = await list(laptop.cookie)
      expect(newest).toEqual({
        id: expect.any(String),
        device: 'Firefox on Linux',
        ipAddress: '127.0.0.1',
        firstSignInAt: expect.stringMatching(/Z$/),
        lastSignInAt: newest.firstSignInAt,
        trustedUntil: null,
        current: true,
      })
      expect(first.current).toBe(false)
      expect((await list(user.cookie)).map(({ current }: { current: boolean }) => current)).toEqual([
        false,
        false,
      ])
      const forget = async (cookie: string, id: string) => {
        const { status, body } = await auth('POST', '/revoke-device', cookie, { id })
        return body.data ?? `${status} ${body.code}`
      }
      expect(await forget(other.cookie, newest.id)).toBe('404 NOT_FOUND')
      expect(await forget(user.cookie, newest.id)).toEqual({ revokedCount: 1 })
      expect(await forget(user.cookie, newest.id)).toBe('404 NOT_FOUND')
      expect(await list(laptop.cookie)).toEqual([first])
      // Its next sign-in is that of a new device.
      const again = await signIn(user, 'test', laptop.cookie)
      expect((await list(again.cookie))[0]).toMatchObject({ current: true })
      expect((await list(again.cookie))[0].id).not.toBe(newest.id)
    })
  })

  describe('its deletion', () => {
    const remove = (credential: { cookie?: string; key?: string }) => mine('DELETE', '', credential)
    const codeOf = async (call: Promise<{ status: number; body: { code: string } }>) => {
      const { status, body } = await call
      return `${status} ${body.code}`
    }

    test('leaves nothing that works and nothing that is held, and its address is free again', async () => {
      const [user, other] = [await server.signUp(), await server.signUp()]
      const { key } = await server.createKey(user)
      const { text } = await server.mail(user.email)
      const link = new URL(/\S+verify-email\?token=\S+/.exec(text ?? '')?.[0] ?? '')
      await addMember(other.organizationId, user, 'member')
      await fillAccount(
        database.db,
        { userId: user.id, email: user.email, organizationId: other.organizationId },
        Date.now(),
      )

      const answer = await remove({ cookie: user.cookie })
      expect([answer.status, answer.body.data, answer.cookie]).toEqual([
        200,
        { deleted: true },
        'snoop_session=',
      ])
      expect(await codeOf(mine('GET', '', { cookie: user.cookie }))).toBe('401 INVALID_OR_EXPIRED_TOKEN')
      expect(await codeOf(mine('GET', '', { key }))).toBe('401 INVALID_API_KEY')
      expect(await codeOf(server.call('GET', link.pathname + link.search))).toBe('400 INVALID_TOKEN')
      expect((await signIn(user)).answer.body.code).toBe('INVALID_CREDENTIALS')
      // Sign-up, new device, key, deletion: whatever is said to the address is the last of it.
      await expect.poll(async () => (await server.mail(user.email)).subject).toBe('Your account was deleted')
      await server.restart()
      expect(await searchTables(database.db, [user.email])).toEqual([])
      // The logs of organizations tell by id who did what in them.
      const places = await searchTables(database.db, [user.id])
      expect(places.filter(place => !place.startsWith('audit_events.'))).toEqual([])
      expect((await mine('GET', '', { cookie: other.cookie })).status).toBe(200)
      const { status } = await server.call('GET', `/api/user/organizations/${user.organizationId}`, other)
      expect(status).toBe(403)

      const body = { email: user.email, password: user.password, name: 'Ada again' }
      expect((await server.call('POST', '/api/auth/sign-up/email', { body })).status).toBe(200)
      const { body: signedIn } = (await signIn(user)).answer
      expect(signedIn.data.user).toMatchObject({ email: user.email, fullName: 'Ada again' })
      expect(signedIn.data.user.id).not.toBe(user.id)
    })

    test('is refused to the last owner of others, who are named', async () => {
      const [user, other] = [await server.signUp('Ada'), await server.signUp()]
      await addMember(user.organizationId, other, 'admin')
      const { status, body, cookie } = await remove({ cookie: user.cookie })
      const organization = { id: user.organizationId, name: "Ada's organization" }
      expect([status, body.code, body.meta, cookie]).toEqual([
        409,
        'CONFLICT',
        { organizations: [organization] },
        undefined,
      ])
      expect(body.message).toContain(organization.name)
      expect((await mine('GET', '', { cookie: user.cookie })).status).toBe(200)
    })

    test('by two owners at once leaves one of them to the others', async () => {
      const [ada, bob, member] = [await server.signUp(), await server.signUp(), await server.signUp()]
      await addMember(ada.organizationId, bob, 'owner')
      await addMember(ada.organizationId, member, 'member')
      const codes = await Promise.all([ada, bob].map(({ cookie }) => codeOf(remove({ cookie }))))
      expect(codes.sort()).toEqual(['200 OK', '409 CONFLICT'])
    })

    test('needs a session that was proved lately: no key and no old session', async () => {
      const user = await server.signUp()
      const { key } = await server.createKey(user)
      expect(await codeOf(remove({ key }))).toBe('403 NO_PERMISSIONS')
      server.advance(15 * MINUTE)
      expect(await codeOf(remove({ cookie: user.cookie }))).toBe('403 FRESH_SESSION_REQUIRED')
      const { cookie } = await signIn(user)
      expect(await codeOf(remove({ cookie }))).toBe('200 OK')
    })
  })

  describe('its export', () => {
    /** What of the export shows the rows of a table. A table that is missing here, or not exported, fails the test. */
    // biome-ignore lint/suspicious/noExplicitAny: the data of an answer
    const SHOWN_BY: Partial<Record<keyof Database, (data: any) => unknown>> = {
      sessions: data => data.sessions[0],
      link_tokens: data => data.links[0],
      challenges: data => data.challenges[0],
      api_keys: data => data.apiKeys[0],
      memberships: data => data.memberships[0],
      projects: data => data.projectsCreated[0],
      two_factors: data => data.twoFactor,
      backup_codes: data => data.twoFactor.backupCodesLeft,
      passkeys: data => data.passkeys[0],
      social_accounts: data => data.socialAccounts[0],
      devices: data => data.devices[0],
      token_families: data => data.accessTokenSignIns[0],
      login_events: data => data.loginHistory[0],
      invitations: data => data.invitationsSent[0],
      idempotency_claims: data => data.repeatableRequests[0],
    }

    test('shows something of every table that holds something on the user, and no secret', async () => {
      const [user, other] = [await server.signUp(), await server.signUp()]
      const { key } = await server.createKey(user)
      for (const { id: userId, email, organizationId } of [user, other])
        await fillAccount(database.db, { userId, email, organizationId }, Date.now())
      const { status, body } = await mine('GET', '/export', { cookie: user.cookie })
      expect(status).toBe(200)
      const { data } = body
      expect(data).toMatchObject({
        user: { id: user.id, email: user.email },
        hasPassword: true,
        twoFactor: { method: 'totp', backupCodesLeft: 1 },
        sessions: [{ current: true }],
        memberships: [{ organizationId: user.organizationId, role: 'owner' }],
        projectsCreated: [{ organizationId: user.organizationId }],
      })
      for (const { table } of await findUserTables(database.db)) {
        expect(SHOWN_BY[table], `${table} is not covered by the export`).toBeDefined()
        expect(SHOWN_BY[table]?.(data), `${table} is not shown`).toBeTruthy()
      }
      const text = JSON.stringify(data)
      for (const secret of [key, user.password, user.cookie.split('=')[1], other.id, other.email, 'secret '])
        expect(text).not.toContain(secret)
      for (const { table, column } of await findUserTables(database.db)) {
        const { rows } = await sql<Record<string, unknown>>`
          select * from ${sql.table(table)} where ${sql.ref(column)} = ${user.id}`.execute(database.db)
        for (const [name, value] of rows.flatMap(row => Object.entries(row)))
          if (/_hash$|^sealed_|^public_key$|^credential_id$/.test(name) && value !== null)
            expect(text, `${table}.${name}`).not.toContain(value)
      }
    })

    test('leaves out what the user made in an organization that they have left', async () => {
      const [user, other] = [await server.signUp(), await server.signUp()]
      await addMember(other.organizationId, user, 'member')
      await fillAccount(
        database.db,
        { userId: user.id, email: user.email, organizationId: other.organizationId },
        Date.now(),
      )
      const all = (await mine('GET', '/export', { cookie: user.cookie })).body.data
      expect([all.memberships.length, all.projectsCreated.length]).toEqual([2, 1])
      await database.db.deleteFrom('memberships').where('id', '=', `member-${user.id}`).execute()
      const left = (await mine('GET', '/export', { cookie: user.cookie })).body.data
      expect([left.memberships.length, left.projectsCreated]).toEqual([1, []])
    })
  })
})

describeOnEachDatabase('the secret of an instance', createDatabase => {
  test('that was replaced keeps the server from starting; with the right one all is as before', async () => {
    const server = await startTestServer({ databaseUrl: await createDatabase() })
    try {
      const user = await server.signUp()
      const file = join(server.dataDir, 'instance-secret')
      copyFileSync(file, `${file}.backup`)
      writeFileSync(file, Buffer.alloc(32, 7))
      await expect(server.restart()).rejects.toThrow(`${file} holds another secret`)
      copyFileSync(`${file}.backup`, file)
      await server.restart()
      expect((await server.call('GET', '/api/user/me', { cookie: user.cookie })).status).toBe(200)
    } finally {
      await server.stop()
    }
  })
})
