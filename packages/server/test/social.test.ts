import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sendJson } from '../src/domain/social/testing/listen-on-loopback'
import type { StorageEngine } from '../src/storage/engine'
import { openEngine } from '../src/storage/open-engine'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { startTestServer, type TestAnswer } from '../src/testing/start-test-server'
import { recoveryKit } from './kit/recovery-kit'
import { APP, type SocialKit, startSocialKit } from './kit/social-kit'
import { twoFactorKit } from './kit/two-factor-kit'

describeOnEachDatabase('signing in with another service', createDatabase => {
  let kit: SocialKit
  let database: StorageEngine
  beforeAll(async () => {
    const databaseUrl = await createDatabase()
    kit = await startSocialKit(databaseUrl)
    database = await openEngine({ database: databaseUrl })
  })
  afterAll(async () => {
    await database.close()
    await kit.stop()
  })
  beforeEach(() => kit.mend())

  test('a stranger gets an account with a verified address, and the same one ever after', async () => {
    const { login, email } = kit.newAccount()
    const first = await kit.signIn(login)
    expect(first).toMatchObject({ status: 200, body: { code: 'OK', message: 'Signed in' } })
    const { user, session } = first.body.data
    expect(user).toMatchObject({ email, fullName: 'Ada Lovelace', isVerified: true, organizationCount: 1 })
    expect(await kit.me(first.cookie)).toMatchObject({ id: user.id, email })

    kit.acme.accounts.set(login, { email: 'moved@example.com', email_verified: false })
    const second = await kit.signIn(login)
    expect(second.body.data.user).toMatchObject({ id: user.id, email })
    expect(second.body.data.session.id).not.toBe(session.id)
    const history = await kit.server.call('GET', '/api/user/me/login-history', { cookie: second.cookie })
    expect(history.body.data).toMatchObject([
      { method: 'social', success: true },
      { method: 'social', success: true },
    ])
  })

  test('the browser is led on to where the sign-in was begun, with session and device in cookies', async () => {
    const answer = await kit.signIn(kit.newAccount().login, { callbackURL: APP })
    expect([answer.status, answer.headers.get('location'), answer.body]).toEqual([302, APP, ''])
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    const names = answer.cookies.map(cookie => cookie.split('=', 1)[0]).sort()
    expect(names).toEqual(['snoop_device', 'snoop_oauth_state', 'snoop_session'])
    expect((await kit.me(answer.cookie)).isVerified).toBe(true)
    const here = await kit.signIn(kit.newAccount().login, { callbackURL: '/done' })
    expect(here.headers.get('location')).toBe(`${kit.server.url}/done`)
  })

  test('a person at a browser is shown a page; as an image of a foreign page nothing happens', async () => {
    const back = await kit.goThrough(kit.newAccount().login)
    const image = { accept: 'image/*', 'sec-fetch-site': 'cross-site', referer: 'https://evil.example/' }
    expect((await kit.arrive(back, { headers: image })).body.code).toBe('ORIGIN_NOT_ALLOWED')
    const navigation = {
      accept: 'text/html,*/*;q=0.8',
      'sec-fetch-site': 'cross-site',
      referer: `${kit.acme.url}/`,
    }
    const page = await kit.arrive(back, { headers: navigation })
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    expect(page.cookie).toMatch(/^snoop_session=.{43}$/)
  })

  test('“remember me” is kept over the way to the provider and back', async () => {
    const sessionCookie = ({ headers }: TestAnswer) =>
      headers.getSetCookie().find(line => line.startsWith('snoop_session='))
    const { login } = kit.newAccount()
    expect(sessionCookie(await kit.signIn(login))).toContain('Max-Age=')
    expect(sessionCookie(await kit.signIn(login, { rememberMe: false }))).not.toContain('Max-Age=')
  })

  test('the session whose cookie came along ends', async () => {
    const { cookie } = await kit.server.signUp()
    await kit.arrive(await kit.goThrough(kit.newAccount().login), { cookie })
    expect((await kit.server.call('GET', '/api/auth/get-session', { cookie })).status).toBe(401)
  })

  test('what is sent away names nobody, and leads back to the configured origin whatever the request says', async () => {
    const begun = await kit.begin(
      {},
      { headers: { 'x-forwarded-host': 'evil.example', host: 'evil.example' } },
    )
    const url = new URL(begun.body.data.url)
    expect(url.origin).toBe(kit.acme.url)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: kit.acme.clientId,
      redirect_uri: `${kit.server.url}/api/auth/callback/acme`,
      response_type: 'code',
      scope: 'openid email profile',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
    expect(begun.headers.get('set-cookie')).toMatch(
      /^snoop_oauth_state=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/,
    )
    expect(begun.headers.get('set-cookie')).not.toContain(url.searchParams.get('state'))
  })

  describe('an account that is there already', () => {
    test('is linked if both sides have verified the address; its owner is told, its password stays', async () => {
      const person = await recoveryKit(kit.server).newPerson()
      const { login } = kit.newAccount({ email: person.email.toUpperCase() })
      const linked = await kit.signIn(login)
      expect(linked.body.data.user).toMatchObject({ email: person.email })
      const notice = await kit.server.mail(person.email, 1, /^Another way to sign in/)
      expect(notice.text).toContain('Service: Acme')
      expect((await recoveryKit(kit.server).signIn(person)).status).toBe(200)
      expect((await kit.signIn(login)).body.data.user.id).toBe(linked.body.data.user.id)
    })

    test('is not linked while its own address is not verified: its opener may be somebody else', async () => {
      const { email, cookie } = await kit.server.signUp()
      const { login } = kit.newAccount({ email })
      expect(await kit.signIn(login)).toMatchObject({
        status: 409,
        cookie: undefined,
        body: { code: 'CONFLICT', meta: { field: 'email' } },
      })
      const led = await kit.signIn(login, { callbackURL: APP })
      expect(led.headers.get('location')).toBe(
        'https://app.example.com/welcome?from=snoop&error=CONFLICT#top',
      )
      expect(led.cookie).toBeUndefined()
      expect(await kit.me(cookie)).toMatchObject({ email, isVerified: false })
    })

    test.each([
      ['says that it is not verified', { email_verified: false }],
      ['does not say that it is verified', { email_verified: undefined }],
      ['tells no address', { email: undefined }],
    ])('is not entered when the provider %s', async (_what, claims) => {
      const { email } = await recoveryKit(kit.server).newPerson()
      const { login } = kit.newAccount({ email, ...claims })
      const answer = await kit.signIn(login)
      expect(answer).toMatchObject({ status: 403, cookie: undefined, body: { code: 'EMAIL_NOT_VERIFIED' } })
      expect(answer.body.message).toContain('Acme')
    })

    test('asks for its second factor, with the token where no log sees it', async () => {
      const codes = twoFactorKit(kit.server)
      const user = await codes.signUpWith('totp')
      const { login } = kit.newAccount({ email: user.email })
      const answer = await kit.signIn(login, { callbackURL: APP })
      expect([answer.status, answer.cookie]).toEqual([302, undefined])
      const location = new URL(answer.headers.get('location') ?? '')
      expect(`${location.origin}${location.pathname}${location.search}`).toBe(
        'https://app.example.com/welcome?from=snoop',
      )
      const fragment = new URLSearchParams(location.hash.slice(1))
      expect(fragment.get('twoFactorRequired')).toBe('true')
      expect(fragment.get('methods')).toBe('totp,backup-code')
      const challengeToken = fragment.get('challengeToken') ?? ''
      kit.server.secrets.add(challengeToken)
      const proved = await codes.prove('/verify-totp', { code: codes.newTotp(user.secret), challengeToken })
      expect(proved.body.data.user.email).toBe(user.email)

      expect((await kit.signIn(login)).body.data).toMatchObject({ twoFactorRequired: true })
    })

    test('stays closed when it is disabled', async () => {
      const { login, email } = kit.newAccount()
      await kit.signIn(login)
      await database.db.updateTable('users').set({ is_active: 0 }).where('email', '=', email).execute()
      expect(await kit.signIn(login)).toMatchObject({
        status: 401,
        cookie: undefined,
        body: { code: 'USER_NOT_ACTIVE' },
      })
    })
  })

  describe('GitHub', () => {
    const octocat = (id: number, verified: boolean) => {
      const emails = [{ email: `octocat-${id}@example.com`, primary: true, verified }]
      kit.github.user = { id, login: 'octocat', name: null, emails }
    }

    test('opens an account for a new person, and finds it by the number, not by the name', async () => {
      octocat(1, true)
      const first = await kit.signInAtGithub()
      expect(first.body.data.user).toMatchObject({ email: 'octocat-1@example.com', fullName: 'octocat' })
      octocat(2, true)
      const second = await kit.signInAtGithub()
      expect(second.body.data.user).toMatchObject({ email: 'octocat-2@example.com' })
      kit.github.user = { ...kit.github.user, id: 1, login: 'renamed', emails: [] }
      expect((await kit.signInAtGithub()).body.data.user.id).toBe(first.body.data.user.id)
    })

    test('is not believed about an address that it has not verified', async () => {
      octocat(3, false)
      const answer = await kit.signInAtGithub({ callbackURL: APP })
      expect(answer.headers.get('location')).toContain('error=EMAIL_NOT_VERIFIED')
    })

    test('that does not know the client is broken, not the sign-in', async () => {
      octocat(4, true)
      kit.github.intercept = ({ url }, response) =>
        url === '/login/oauth/access_token' && sendJson(response, { error: 'incorrect_client_credentials' })
      expect(await kit.signInAtGithub()).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE' } })
      expect(kit.server.log()).toContain('"error":"incorrect_client_credentials"')
    })
  })
})

test('without any provider, nobody is sent anywhere', async () => {
  const server = await startTestServer()
  const answer = await server.call('POST', '/api/auth/sign-in/social', { body: { provider: 'google' } })
  expect(answer).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  expect(answer.body.message).toContain('none is configured')
  await server.stop()
})
