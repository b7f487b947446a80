import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { startTestServer, type TestServer } from '../src/testing/start-test-server'

describeOnEachDatabase('a session', createDatabase => {
  let server: TestServer
  /** A second one on the same database, with rows of its own kept between requests. */
  let sibling: TestServer
  beforeAll(async () => {
    const databaseUrl = await createDatabase()
    server = await startTestServer({ databaseUrl })
    sibling = await startTestServer({ databaseUrl, secretFile: `${server.dataDir}/instance-secret` })
  })
  afterAll(async () => {
    await sibling.stop()
    await server.stop()
  })

  const signIn = (user: { email: string; password: string }, cookie?: string) => {
    const { email, password } = user
    return server.call('POST', '/api/auth/sign-in/email', { body: { email, password }, cookie })
  }
  const codeOf = async (cookie: string | undefined, at = server) =>
    (await at.call('GET', '/api/auth/get-session', { cookie })).body.code

  test('cannot be fixed before the sign-in: its secret is new, and what came along is dead', async () => {
    const user = await server.signUp()
    const madeUp = `snoop_session=${'a'.repeat(43)}`
    const first = await signIn(user, madeUp)
    expect(first.cookie).not.toBe(madeUp)
    expect(await codeOf(madeUp)).toBe('INVALID_OR_EXPIRED_TOKEN')
    const second = await signIn(user, first.cookie)
    expect(second.cookie).not.toBe(first.cookie)
    expect(await codeOf(first.cookie)).toBe('INVALID_OR_EXPIRED_TOKEN')
    expect(await codeOf(second.cookie)).toBe('OK')
  })

  test('of an attacker, planted in the browser, does not become that of who signs in', async () => {
    const [attacker, victim] = [await server.signUp(), await server.signUp()]
    const { cookie } = await signIn(victim, attacker.cookie)
    const me = await server.call('GET', '/api/user/me', { cookie })
    expect(me.body.data.email).toBe(victim.email)
    expect(await codeOf(attacker.cookie)).toBe('INVALID_OR_EXPIRED_TOKEN')
  })

  test('is not named by what lists show: ids open nothing, and no list holds a secret', async () => {
    const { cookie } = await server.signUp()
    const { body } = await server.call('GET', '/api/auth/list-sessions', { cookie })
    const secret = cookie.split('=')[1] ?? ''
    expect(JSON.stringify(body)).not.toContain(secret)
    const id: string = body.data[0].id
    expect(await codeOf(`snoop_session=${id}`)).toBe('INVALID_OR_EXPIRED_TOKEN')
    expect(await codeOf(`snoop_session=${id.padEnd(43, 'A')}`)).toBe('INVALID_OR_EXPIRED_TOKEN')
  })

  test('has a secret of 256 random bits that shares nothing with the one before', async () => {
    const user = await server.signUp()
    const secrets = new Set<string>()
    for (let n = 0; n < 8; n++) secrets.add((await signIn(user)).cookie?.split('=')[1] ?? '')
    expect(secrets.size).toBe(8)
    for (const secret of secrets) expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    expect(new Set([...secrets].map(secret => secret.slice(0, 4))).size).toBe(8)
  })

  test('that was ended never comes back, not with the next sign-in either', async () => {
    const user = await server.signUp()
    const { cookie } = await signIn(user)
    await server.call('POST', '/api/auth/sign-out', { cookie })
    await signIn(user)
    expect(await codeOf(cookie)).toBe('INVALID_OR_EXPIRED_TOKEN')
  })

  test('that one server ends is refused by the other from the next request on', async () => {
    const user = await server.signUp()
    for (const path of ['/api/auth/sign-out', '/api/auth/revoke-sessions']) {
      const { cookie } = await signIn(user)
      expect(await codeOf(cookie, sibling)).toBe('OK')
      expect(await codeOf(cookie, sibling)).toBe('OK')
      expect((await server.call('POST', path, { cookie })).status).toBe(200)
      expect(await codeOf(cookie, sibling)).toBe('INVALID_OR_EXPIRED_TOKEN')
    }
  })
})
