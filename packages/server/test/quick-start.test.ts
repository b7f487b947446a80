import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { startTestServer, type TestServer } from '../src/testing/start-test-server'

describeOnEachDatabase('the quick start', createDatabase => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer({ databaseUrl: await createDatabase() })
  })
  afterAll(() => server.stop())

  test('leads from no account to a project made with a key', async () => {
    const account = { email: 'Ada@Example.com', password: 'a-long-secure-passphrase', name: 'Ada Lovelace' }
    const signedUp = await server.call('POST', '/api/auth/sign-up/email', { body: account })
    expect(signedUp.body).toEqual({
      success: true,
      status: 200,
      code: 'OK',
      message: 'Account created. Open the link in the mail that we sent',
      data: { user: { email: 'ada@example.com', fullName: account.name }, verificationEmailSent: true },
    })

    const mail = await server.mail('ada@example.com')
    const link = new URL(/http:\/\/\S+verify-email\S+/.exec(mail.text ?? '')?.[0] ?? '')
    expect(link.origin).toBe(server.url)
    // Whoever only looks at the link does not use it up.
    expect((await server.call('HEAD', link.pathname + link.search)).status).toBe(405)
    const verified = await server.call('GET', link.pathname + link.search)
    expect(verified.body.data.email).toBe('ada@example.com')
    expect((await server.call('GET', link.pathname + link.search)).body.code).toBe('INVALID_TOKEN')

    const signedIn = await server.call('POST', '/api/auth/sign-in/email', { body: account })
    expect(signedIn.status).toBe(200)
    const { cookie } = signedIn
    expect(signedIn.body.data.user).toMatchObject({
      handle: 'adalovelace',
      isVerified: true,
      organizationCount: 1,
    })
    expect(signedIn.headers.getSetCookie()[0]).toMatch(
      /^snoop_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800$/,
    )

    const created = await server.call('POST', '/api/auth/api-key/create', {
      cookie,
      body: {
        name: 'CI deploy bot',
        expiresIn: 2592000,
        scopes: ['user:read', 'projects:read', 'projects:write'],
      },
    })
    expect(created.status).toBe(200)
    expect(Object.keys(created.body.data)).toEqual(['id', 'name', 'key', 'scopes', 'expiresAt'])
    const { key } = created.body.data
    expect(key).toMatch(/^ba_[0-9A-Za-z]{46}$/)

    const organizations = await server.call('GET', '/api/user/organizations', { key })
    expect(organizations.body.meta).toEqual({ total: 1, offset: 0, limit: 20, hasMore: false })
    const [organization] = organizations.body.data
    expect(organization).toMatchObject({
      name: "Ada Lovelace's organization",
      slug: 'ada-lovelace',
      role: 'owner',
    })
    const projects = `/api/user/organizations/${organization.id}/projects`
    const project = await server.call('POST', projects, { key, body: { name: 'Analytical Engine' } })
    expect(project.status).toBe(201)
    expect(project.body).toMatchObject({
      message: 'Project created successfully',
      data: { slug: 'analytical-engine', status: 'draft', createdByUser: { fullName: 'Ada Lovelace' } },
    })
    expect((await server.call('GET', projects, { key })).body.data).toEqual([project.body.data])
  })
})
