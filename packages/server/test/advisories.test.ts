import { type Endpoint, listEndpoints } from '@snoop/sdk/contract'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../src/config/settings'
import { setUserActive } from '../src/domain/accounts/set-user-active'
import { createLogger } from '../src/observability/logger'
import type { StorageEngine } from '../src/storage/engine'
import { openEngine } from '../src/storage/open-engine'
import { createStorage } from '../src/storage/storage'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { sampleRequest } from '../src/testing/sample-input'
import { searchTables } from '../src/testing/search-tables'
import { createSoftwareAuthenticator } from '../src/testing/software-authenticator'
import { startTestServer, type TestCall, type TestServer } from '../src/testing/start-test-server'
import { snapshotTables } from '../src/testing/table-snapshot'
import { NEW_PASSWORD, type RecoveryKit, recoveryKit } from './kit/recovery-kit'
import { deviceOf, twoFactorKit } from './kit/two-factor-kit'

/** Attacks that got through elsewhere; docs/advisories.md says which, and where those are tried that are not here. */
describeOnEachDatabase('what got through elsewhere', createDatabase => {
  let server: TestServer
  /** A second one on the same database. */
  let sibling: TestServer
  let engine: StorageEngine
  let databaseUrl: string
  let kit: RecoveryKit
  beforeAll(async () => {
    databaseUrl = await createDatabase()
    server = await startTestServer({ databaseUrl, maxKeysPerAccount: 1000 })
    sibling = await startTestServer({ databaseUrl, secretFile: `${server.dataDir}/instance-secret` })
    engine = await openEngine({ database: databaseUrl })
    kit = recoveryKit(server)
  })
  afterAll(async () => {
    await engine.close()
    await sibling.stop()
    await server.stop()
  })

  const codeOf = async (call: TestCall, at = server) => (await at.call('GET', '/api/user/me', call)).body.code
  const me = async (cookie: string | undefined) =>
    (await server.call('GET', '/api/user/me', { cookie })).body.data

  describe('an address that two programs could read as two', () => {
    // Auth.js looked for a second @ before it folded look-alikes, and took a list for one address.
    test.each([
      ['with a full-width @', 'owner@example.com＠evil.example'],
      ['with a full-width @ in front', 'eve＠evil.example@example.com'],
      ['with a small @', 'owner@example.com﹫evil.example'],
      ['with an invisible character before the second @', 'owner@example.com\u200b@evil.example'],
      ['that is a list', 'owner@example.com,eve@evil.example'],
      ['that is a list by a full-width comma', 'owner@example.com，eve@evil.example'],
      ['that is a list by semicolon', 'owner@example.com;eve@evil.example'],
      ['with another header', 'owner@example.com\r\nBcc: eve@evil.example'],
      ['with a name beside it', '"owner@example.com" <eve@evil.example>'],
    ])('%s is refused by whatever asks for an address, and kept nowhere', async (_what, email) => {
      const { cookie } = await server.signUp()
      const questions: [string, object, string?][] = [
        ['/sign-up/email', { password: NEW_PASSWORD, name: 'Eve' }],
        ['/sign-in/email', { password: NEW_PASSWORD }],
        ['/sign-in/magic-link', {}],
        ['/request-password-reset', {}],
        ['/send-verification-email', {}],
        ['/identify', {}],
        ['/passkey/generate-authenticate-options', {}],
        ['/change-email', {}, cookie],
      ]
      for (const [path, more, signedIn] of questions) {
        const { status, body } = await kit.post(path, { email, ...more }, { cookie: signedIn })
        expect([path, status, body.meta?.errors]).toMatchObject([path, 400, [{ field: 'email' }]])
      }
      expect(await searchTables(engine.db, ['evil.example'])).toEqual([])
    })
  })

  test('a body, query or header that names somebody else acts for nobody but the caller', async () => {
    const { id, organizationId, cookie } = await server.signUp()
    await server.createKey({ cookie })
    const named = { userId: id, user_id: id, ownerId: id, organizationId, role: 'owner', permissions: {} }
    const headers = { 'x-user-id': id, 'x-organization-id': organizationId, 'x-forwarded-user': id }
    const rowsOf = async () =>
      Object.entries(await snapshotTables(databaseUrl)).map(([table, rows]) => [
        table,
        rows.filter(row => JSON.stringify(row).includes(id)),
      ])
    const before = await rowsOf()
    let attacker = await server.signUp()
    for (const { name, endpoint } of listEndpoints() as { name: string; endpoint: Endpoint }[]) {
      if (endpoint.access.kind === 'public') continue
      if ((await codeOf({ cookie: attacker.cookie })) !== 'OK') attacker = await server.signUp()
      const own = { password: attacker.password, currentPassword: attacker.password }
      const { method, path, body } = sampleRequest(endpoint, {
        organizationId: attacker.organizationId,
        ...own,
      })
      const target = `${path}${path.includes('?') ? '&' : '?'}userId=${id}`
      const answer = await server.call(method, target, {
        cookie: attacker.cookie,
        headers,
        ...(body && { body: { ...named, ...body } }),
      })
      expect([name, JSON.stringify(answer.body).includes(id)]).toEqual([name, false])
    }
    expect(await rowsOf()).toEqual(before)
  })

  test('two people at one browser never get each other’s session, signed out or not', async () => {
    const [ada, bob] = [await server.signUp(), await server.signUp()]
    const first = await kit.signIn(ada)
    const device = deviceOf(first)
    // Her session's cookie is lost, so that signing out ends nothing; the device's is still there.
    await kit.post('/sign-out', {}, { cookie: device })
    const second = await kit.signIn(bob, { cookie: device })
    expect((await me(second.cookie)).email).toBe(bob.email)
    expect((await me(first.cookie)).email).toBe(ada.email)
    const listed = await server.call('GET', '/api/auth/list-sessions', { cookie: first.cookie })
    expect(listed.body.data).toHaveLength(2)
    // Signed out properly, and in again: a session of its own, and the old one is nobody's.
    await kit.post('/sign-out', {}, { cookie: `${second.cookie}; ${device}` })
    const third = await kit.signIn(ada, { cookie: device })
    const ids = [first, second, third].map(({ body }) => body.data.session.id)
    expect(new Set(ids).size).toBe(3)
    expect(new Set([first, second, third].map(({ cookie }) => cookie)).size).toBe(3)
    expect(await codeOf({ cookie: second.cookie })).toBe('INVALID_OR_EXPIRED_TOKEN')
  })

  test('a disabled account is let in by nothing that it ever had, and is sent no link', async () => {
    const factors = twoFactorKit(server)
    const user = await factors.signUpWith('totp')
    const authenticator = createSoftwareAuthenticator(server.url)
    const creation = await kit.post('/passkey/generate-register-options', {}, user)
    await kit.post(
      '/passkey/verify-registration',
      { response: authenticator.create(creation.body.data) },
      user,
    )
    const { key } = await server.createKey(user)
    const trusting = { challengeToken: await factors.begin(user), trustDevice: true }
    const trusted = await factors.prove('/verify-totp', { ...trusting, code: factors.newTotp(user.secret) })
    const challengeToken = await factors.begin(user)

    const logger = createLogger({ level: 'silent', stream: { write: () => {} } })
    const operator = { storage: createStorage(engine), clock: server.now, logger }
    expect(await setUserActive(operator, user.email, false)).toBe('changed')
    const links = await kit.askFor.magic(user.email)
    expect([links.status, (await kit.askFor.reset(user.email)).status]).toEqual([200, 200])

    const byPasskey = async (body: object) => {
      const { data } = (await kit.post('/passkey/generate-authenticate-options', body)).body
      return kit.post('/passkey/verify-authentication', { response: authenticator.get(data) })
    }
    const attempts = [
      await server.call('GET', '/api/user/me', { cookie: user.cookie }),
      await server.call('GET', '/api/user/me', { cookie: trusted.cookie }),
      await server.call('GET', '/api/user/me', { key }),
      await kit.signIn(user),
      await kit.signIn(user, { cookie: deviceOf(trusted) }),
      await byPasskey({}),
      await byPasskey({ email: user.email }),
      await factors.prove('/verify-totp', { challengeToken, code: factors.newTotp(user.secret) }),
      await factors.prove('/verify-backup-code', { challengeToken, code: user.backupCodes[0] }),
    ]
    expect(attempts.map(({ cookie }) => cookie)).toEqual(attempts.map(() => undefined))
    const codes = attempts.map(({ body }) => body.code)
    expect(codes).toEqual([...Array(7).fill('USER_NOT_ACTIVE'), 'INVALID_TOKEN', 'INVALID_TOKEN'])
    await expect.poll(() => engine.db.selectFrom('mail_requests').selectAll().execute()).toEqual([])
    const linkTokens = engine.db.selectFrom('link_tokens').select('purpose').where('user_id', '=', user.id)
    expect(await linkTokens.where('used_at', 'is', null).execute()).toEqual([])
  })

  test('an account that one server deletes is refused by the other from the next request on', async () => {
    const user = await server.signUp()
    const { key } = await server.createKey(user)
    const codes = async () => [await codeOf(user, sibling), await codeOf({ key }, sibling)]
    // Twice, so that the rows are at hand there.
    expect([await codes(), await codes()]).toEqual(Array(2).fill(['OK', 'OK']))
    expect((await server.call('DELETE', '/api/user/me', { cookie: user.cookie })).status).toBe(200)
    expect(await codes()).toEqual(['INVALID_OR_EXPIRED_TOKEN', 'INVALID_API_KEY'])
  })

  test('credentials that decode to nothing are refused, and never a fault', async () => {
    for (const hostile of ['%', '%E0%A4%A', '%00', '%FF%FE', '%u0041', '"', '=;,', '\u00ff\u0080']) {
      const calls: [string, TestCall?][] = [
        ['/api/user/me', { headers: { authorization: `Bearer ${hostile}` } }],
        ['/api/user/me', { headers: { authorization: hostile } }],
        ['/api/user/me', { key: hostile }],
        ['/api/user/me', { cookie: `snoop_session=${hostile}` }],
        [`/api/auth/verify-email?token=${encodeURI(hostile)}`],
        [`/api/auth/verify-email?token=${hostile}`, { cookie: `snoop_device=${hostile}` }],
        [`/api/auth/callback/none?state=${hostile}&code=${hostile}`],
      ]
      for (const [path, call] of calls) {
        const { status } = await server.call('GET', path, call)
        expect([400, 401, 404], `${path} ${JSON.stringify(call)}`).toContain(status)
      }
    }
  })
})

test('a path that is written otherwise is no way around a limit', async () => {
  const server = await startTestServer({
    rateLimits: { ...DEFAULT_RATE_LIMITS, signIn: { max: 1, windowMs: 60_000 } },
  })
  onTestFinished(() => server.stop())
  const body = { email: 'nobody@example.com', password: 'a wrong password' }
  const statusOf = async (path: string) => (await server.call('POST', path, { body })).status
  expect(await statusOf('/api/auth/sign-in/email')).toBe(401)
  for (const path of [
    '/api/auth/sign-in/email',
    '/api/auth/sign-in/email/',
    '/api/auth/sign-in/email?x=1',
    '/api/auth/sign-in/email//',
    '//api/auth/sign-in/email',
    '/api//auth/sign-in/email',
    '/API/auth/sign-in/email',
    '/api/auth/sign-in/e%6Dail',
    '/api/auth/sign-in%2femail',
    '/api/auth/sign-in/email%2f',
    '/api/auth/x/..%2fsign-in/email',
    '/api/auth/sign-in/email;x=1',
  ])
    expect([404, 429], path).toContain(await statusOf(path))
})

test('over HTTPS a cookie that a subdomain can plant counts for nothing, be it of a session or a device', async () => {
  const server = await startTestServer({ trustedProxies: ['127.0.0.1'] })
  onTestFinished(() => server.stop())
  const headers = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https' }
  const [victim, attacker] = ['victim@example.com', 'attacker@example.com'] as const
  const password = 'a-long-secure-passphrase'
  const signIn = async (email: string, cookie?: string) => {
    const body = { email, password }
    const answer = await server.call('POST', '/api/auth/sign-in/email', { body, headers, cookie })
    const [session = '', device = ''] = answer.cookies
    return { lines: answer.headers.getSetCookie(), session, device }
  }
  const whoIs = async (cookie: string) => {
    const { body } = await server.call('GET', '/api/user/me', { headers, cookie })
    return body.data?.email ?? body.code
  }
  /** As a subdomain can set it. */
  const plain = (cookie: string) => cookie.replace('__Host-', '')
  for (const email of [victim, attacker])
    await server.call('POST', '/api/auth/sign-up/email', { body: { email, password, name: 'Ada' }, headers })

  const planted = await signIn(attacker)
  expect(planted.lines).toHaveLength(2)
  for (const line of planted.lines)
    expect(line).toMatch(
      /^__Host-snoop_(session|device)=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; /,
    )
  expect(await whoIs(planted.session)).toBe(attacker)
  expect(await whoIs(plain(planted.session))).toBe('AUTHENTICATION_REQUIRED')

  const own = await signIn(victim, `${plain(planted.session)}; ${plain(planted.device)}`)
  expect(await whoIs(`${plain(planted.session)}; ${own.session}`)).toBe(victim)
  expect(await whoIs(`${own.session}; ${plain(planted.session)}`)).toBe(victim)
  expect(own.device).not.toBe(planted.device)
  expect((await signIn(victim, `${plain(planted.device)}; ${own.device}`)).device).toBe(own.device)
})
