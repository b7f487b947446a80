import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it, test } from 'vitest'
import { signUp } from '../src/domain/accounts/sign-up'
import type { DomainContext } from '../src/domain/domain-context'
import { mailedLinks, PASSWORD, visitOf } from '../src/domain/links/testing/mailed-links'
import { requestMail } from '../src/domain/mail-requests/request-mail'
import { resolveApiKey } from '../src/domain/principals/resolve-api-key'
import { resolveSession } from '../src/domain/principals/resolve-session'
import { createSession } from '../src/domain/sessions/create-session'
import { revokeSession } from '../src/domain/sessions/revoke-session'
import { signInByMagicLink } from '../src/domain/sign-in/sign-in-by-magic-link'
import { domainErrorOf } from '../src/http/domain-error-of'
import type { StorageEngine } from '../src/storage/engine'
import { openEngine } from '../src/storage/open-engine'
import { describeOnEachDatabase, describeOnEachEngine } from '../src/testing/on-each-engine'
import { startTestServer, type TestServer } from '../src/testing/start-test-server'
import { createTestDomain } from '../src/testing/test-domain'

const DAY = 24 * 3600_000

describeOnEachEngine('with a database that is gone', open => {
  it('nobody is let in, and no credential is called wrong: it is an outage', async () => {
    const engine = await open()
    const domain = createTestDomain(engine)
    const { context } = domain
    const links = mailedLinks(domain)
    const email = await links.signUpVerified()
    const owner = await links.openSession(email)
    const { token } = await createSession(context, domain.storage, owner.userId, visitOf().device, true)
    const { key } = await domain.createKey(owner)
    const magic = await links.ask('magic-link', email)
    await engine.close()
    const acts: Record<string, () => Promise<unknown>> = {
      session: () => resolveSession(context, token),
      key: () => resolveApiKey(context, key, ['ba']),
      'sign-in': () => links.signIn(email),
      'sign-in with a wrong password': () => links.signIn(email, 'a wrong password'),
      'sign-up': () =>
        signUp(context, { email, password: PASSWORD, fullName: 'Ada', callbackUrl: undefined }),
      'magic link': () => signInByMagicLink(context, magic, visitOf()),
      mail: () =>
        requestMail(context, { purpose: 'reset-password', email, callbackUrl: undefined, remember: true }),
    }
    for (const [what, act] of Object.entries(acts)) {
      const code = await act().then(
        () => 'OK',
        error => domainErrorOf(error).code,
      )
      expect([what, code]).toEqual([what, 'SERVICE_UNAVAILABLE'])
    }
  })
})

describeOnEachDatabase('a server whose tables are gone', createDatabase => {
  let server: TestServer
  let engine: StorageEngine
  beforeAll(async () => {
    const databaseUrl = await createDatabase()
    server = await startTestServer({ databaseUrl })
    engine = await openEngine({ database: databaseUrl })
  })
  afterAll(async () => {
    await engine.close()
    await server.stop()
  })

  test('lets nobody in and calls no credential wrong, and goes on when they are back', async () => {
    const user = await server.signUp()
    const { key } = await server.createKey(user)
    const { email, password, cookie } = user
    const ask = async () => [
      await server.call('GET', '/api/user/me', { cookie }),
      await server.call('GET', '/api/user/me', { key }),
      await server.call('GET', '/api/auth/get-session', { cookie }),
      await server.call('GET', '/api/auth/list-sessions', { cookie }),
      await server.call('POST', '/api/auth/api-key/verify', { cookie, body: { key } }),
      await server.call('POST', '/api/auth/sign-in/email', { body: { email, password } }),
      await server.call('POST', '/api/auth/sign-in/email', { body: { email, password: 'a wrong password' } }),
    ]
    const statuses = async () => (await ask()).map(({ status }) => status)
    const right = [200, 200, 200, 200, 200, 200, 401]
    expect(await statuses()).toEqual(right)
    await sql`alter table users rename to users_away`.execute(engine.db)
    await sql`alter table api_keys rename to api_keys_away`.execute(engine.db)
    const refused = await ask()
    expect(refused.map(({ status }) => status)).toEqual(right.map(() => 500))
    expect(refused.flatMap(({ cookies }) => cookies)).toEqual([])
    await sql`alter table api_keys_away rename to api_keys`.execute(engine.db)
    await sql`alter table users_away rename to users`.execute(engine.db)
    expect(await statuses()).toEqual(right)
  })
})

describeOnEachEngine('a session that is renewed', open => {
  // better-auth wrote it back to its cache after another request had ended it.
  it('while it is ended stays ended', async () => {
    const domain = createTestDomain(await open())
    const { context, storage } = domain
    const user = await domain.signUp()
    const { token, session } = await createSession(context, storage, user.userId, visitOf().device, true)
    domain.advance(DAY)
    /** Renews only once the session was ended, after it was found alive. */
    const update: DomainContext['storage']['sessions']['update'] = async (id, changes) => {
      expect(await revokeSession(context, user, id)).toBe(1)
      await storage.sessions.update(id, changes)
    }
    const sessions = Object.assign(Object.create(storage.sessions), { update })
    const late = { ...context, storage: { ...storage, sessions } }
    expect((await resolveSession(late, token)).isRenewed).toBe(true)
    await context.uses.flush()
    await expect(resolveSession(context, token)).rejects.toMatchObject({ code: 'INVALID_OR_EXPIRED_TOKEN' })
    expect((await storage.sessions.listLive(user.userId, domain.now())).map(({ id }) => id)).not.toContain(
      session.id,
    )
  })
})
