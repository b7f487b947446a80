import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { startTestServer, type TestServer } from '../src/testing/start-test-server'

// Every test server looks for the secrets that it was given when it stops; this one shows that the look finds them.
describeOnEachDatabase('what is kept', (createDatabase, engine) => {
  let server: TestServer
  let databaseUrl: string
  beforeAll(async () => {
    databaseUrl = await createDatabase()
    server = await startTestServer({ databaseUrl })
  })
  afterAll(() => server.stop())

  const findLeaks = () => server.secrets.findLeaks(server.dataDir, databaseUrl, server.log())

  test('holds no password, session token or key, in database, WAL, log or outbox', async () => {
    const user = await server.signUp()
    const { key, id } = await server.createKey(user)
    await server.call('POST', '/api/auth/api-key/rotate', { cookie: user.cookie, body: { keyId: id } })
    await server.call('GET', '/api/user/me', { key })
    await server.call('POST', '/api/auth/sign-in/email', {
      body: { email: user.email, password: 'a wrong password' },
    })
    expect(server.secrets.size).toBeGreaterThanOrEqual(5)
    expect(await findLeaks()).toEqual([])
  })

  test('would be told if it did', async () => {
    const user = await server.signUp('Name That Is Kept')
    await server.mail(user.email)
    server.secrets.add(user.email)
    const places = (await findLeaks()).join(' ')
    server.secrets.remove(user.email)
    expect(places).toContain('.eml')
    expect(places).toContain(engine === 'sqlite' ? 'snoop.db' : 'PostgreSQL')
  })
})
