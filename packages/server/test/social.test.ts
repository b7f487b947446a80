import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { socialProvidersSchema } from '../src/config/social-providers-schema'
import { type FakeGithub, startFakeGithub } from '../src/domain/social/testing/start-fake-github'
import {
  startOpenIdProvider,
  type TestOpenIdProvider,
} from '../src/domain/social/testing/start-openid-provider'
import type { StorageEngine } from '../src/storage/engine'
import { openEngine } from '../src/storage/open-engine'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import {
  startTestServer,
  type TestAnswer,
  type TestCall,
  type TestServer,
} from '../src/testing/start-test-server'
import { recoveryKit } from './kit/recovery-kit'
import { twoFactorKit } from './kit/two-factor-kit'

const MINUTE = 60_000
const APP = 'https://app.example.com/welcome?from=snoop#top'
const DISCOVERY = '/.well-known/openid-configuration'

/** A sign-in that the provider has sent back, but whose browser has not yet arrived. */
interface Return {
  readonly url: URL
  /** The cookie that binds it to the browser. */
  readonly cookie: string
}

/** GitHub is a fake of its four endpoints; the two OpenID providers, acme and other, are real ones. */
describeOnEachDatabase('signing in with another service', createDatabase => {
  let server: TestServer
  let database: StorageEngine
  let acme: TestOpenIdProvider
  let other: TestOpenIdProvider
  let github: FakeGithub
  beforeAll(async () => {
    acme = await startOpenIdProvider({ claimsInIdToken: false })
    other = await startOpenIdProvider({ claimsInIdToken: true })
    github = await startFakeGithub()
    const client = ({ clientId, clientSecret }: TestOpenIdProvider | FakeGithub) => ({
      clientId,
      clientSecret,
    })
    const databaseUrl = await createDatabase()
    server = await startTestServer({
      databaseUrl,
      trustedOrigins: ['https://app.example.com'],
      socialProviders: socialProvidersSchema.parse({
        acme: { ...client(acme), issuer: acme.url, name: 'Acme' },
        other: { ...client(other), issuer: other.url },
        github: { ...client(github), baseUrl: github.url },
      }),
    })
    for (const [name, provider] of Object.entries({ acme, other }))
      provider.register(`${server.url}/api/auth/callback/${name}`)
    for (const { clientSecret } of [acme, other, github]) server.secrets.add(clientSecret)
    database = await openEngine({ database: databaseUrl })
  })
  afterAll(async () => {
    await database.close()
    for (const provider of [acme, other, github]) await provider.stop()
    await server.stop()
  })
  beforeEach(() => {
    for (const provider of [acme, other, github]) provider.intercept = () => false
  })

  let counter = 0
  /** An account at a provider. @returns its login, which is its subject */
  const newAccount = (claims: object = {}, provider = acme): { login: string; email: string } => {
    const login = `person-${++counter}`
    const email = `${login}@example.com`
    provider.accounts.set(login, { email, email_verified: true, name: 'Ada Lovelace', ...claims })
    return { login, email }
  }
  const begin = (body: object = {}, call: TestCall = {}) =>
    server.call('POST', '/api/auth/sign-in/social', { ...call, body: { provider: 'acme', ...body } })
  const bindingOf = ({ cookies }: TestAnswer) =>
    cookies.find(cookie => cookie.startsWith('snoop_oauth_state=')) ?? ''
  /** Begins, and goes through the provider's pages. @param change what somebody does to the address on the way */
  const goThrough = async (login: string, body: object = {}, change = (_url: URL) => {}): Promise<Return> => {
    const begun = await begin(body)
    const start = new URL(begun.body.data.url)
    change(start)
    const provider = start.origin === other.url ? other : acme
    const url = new URL(await provider.signIn(start.href, login))
    for (const name of ['state', 'code']) server.secrets.add(url.searchParams.get(name))
    return { url, cookie: bindingOf(begun) }
  }
  const arrive = ({ url, cookie }: Return, { cookie: more, ...call }: TestCall = {}) =>
    server.call('GET', url.pathname + url.search, {
      ...call,
      cookie: more === undefined ? cookie : `${cookie}; ${more}`,
    })
  const signIn = async (login: string, body: object = {}) => arrive(await goThrough(login, body))
  const me = async (cookie: string | undefined) =>
    (await server.call('GET', '/api/user/me', { cookie })).body.data

  test('a stranger gets an account with a verified address, and the same one ever after', async () => {
    const { login, email } = newAccount()
    const first = await signIn(login)
    expect(first).toMatchObject({ status: 200, body: { code: 'OK', message: 'Signed in' } })
    const { user, session } = first.body.data
    expect(user).toMatchObject({ email, fullName: 'Ada Lovelace', isVerified: true, organizationCount: 1 })
    expect(await me(first.cookie)).toMatchObject({ id: user.id, email })

    acme.accounts.set(login, { email: 'moved@example.com', email_verified: false })
    const second = await signIn(login)
    expect(second.body.data.user).toMatchObject({ id: user.id, email })
    expect(second.body.data.session.id).not.toBe(session.id)
    const history = await server.call('GET', '/api/user/me/login-history', { cookie: second.cookie })
    expect(history.body.data).toMatchObject([
      { method: 'social', success: true },
      { method: 'social', success: true },
    ])
  })

  test('the browser is led on to where the sign-in was begun, with session and device in cookies', async () => {
    const answer = await signIn(newAccount().login, { callbackURL: APP })
    expect([answer.status, answer.headers.get('location'), answer.body]).toEqual([302, APP, ''])
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    const names = answer.cookies.map(cookie => cookie.split('=', 1)[0]).sort()
    expect(names).toEqual(['snoop_device', 'snoop_oauth_state', 'snoop_session'])
    expect((await me(answer.cookie)).isVerified).toBe(true)
    const here = await signIn(newAccount().login, { callbackURL: '/done' })
    expect(here.headers.get('location')).toBe(`${server.url}/done`)
  })

  test('a person at a browser is shown a page; as an image of a foreign page nothing happens', async () => {
    const back = await goThrough(newAccount().login)
    const image = { accept: 'image/*', 'sec-fetch-site': 'cross-site', referer: 'https://evil.example/' }
    expect((await arrive(back, { headers: image })).body.code).toBe('ORIGIN_NOT_ALLOWED')
    const navigation = {
      accept: 'text/html,*/*;q=0.8',
      'sec-fetch-site': 'cross-site',
      referer: `${acme.url}/`,
    }
    const page = await arrive(back, { headers: navigation })
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    expect(page.cookie).toMatch(/^snoop_session=.{43}$/)
  })

  test('“remember me” is kept over the way to the provider and back', async () => {
    const sessionCookie = ({ headers }: TestAnswer) =>
      headers.getSetCookie().find(line => line.startsWith('snoop_session='))
    const { login } = newAccount()
    expect(sessionCookie(await signIn(login))).toContain('Max-Age=')
    expect(sessionCookie(await signIn(login, { rememberMe: false }))).not.toContain('Max-Age=')
  })

  test('the session whose cookie came along ends', async () => {
    const { cookie } = await server.signUp()
    await arrive(await goThrough(newAccount().login), { cookie })
    expect((await server.call('GET', '/api/auth/get-session', { cookie })).status).toBe(401)
  })

  test('what is sent away names nobody, and leads back to the configured origin whatever the request says', async () => {
    const begun = await begin({}, { headers: { 'x-forwarded-host': 'evil.example', host: 'evil.example' } })
    const url = new URL(begun.body.data.url)
    expect(url.origin).toBe(acme.url)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: acme.clientId,
      redirect_uri: `${server.url}/api/auth/callback/acme`,
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
      const person = await recoveryKit(server).newPerson()
      const { login } = newAccount({ email: person.email.toUpperCase() })
      const linked = await signIn(login)
      expect(linked.body.data.user).toMatchObject({ email: person.email })
      const notice = await server.mail(person.email, 1, /^Another way to sign in/)
      expect(notice.text).toContain('Service: Acme')
      expect((await recoveryKit(server).signIn(person)).status).toBe(200)
      expect((await signIn(login)).body.data.user.id).toBe(linked.body.data.user.id)
    })

    test('is not linked while its own address is not verified: its opener may be somebody else', async () => {
      const { email, cookie } = await server.signUp()
      const { login } = newAccount({ email })
      expect(await signIn(login)).toMatchObject({
        status: 409,
        cookie: undefined,
        body: { code: 'CONFLICT', meta: { field: 'email' } },
      })
      const led = await signIn(login, { callbackURL: APP })
      expect(led.headers.get('location')).toBe(
        'https://app.example.com/welcome?from=snoop&error=CONFLICT#top',
      )
      expect(led.cookie).toBeUndefined()
      expect(await me(cookie)).toMatchObject({ email, isVerified: false })
    })

    test.each([
      ['says that it is not verified', { email_verified: false }],
      ['does not say that it is verified', { email_verified: undefined }],
      ['tells no address', { email: undefined }],
    ])('is not entered when the provider %s', async (_what, claims) => {
      const { email } = await recoveryKit(server).newPerson()
      const { login } = newAccount({ email, ...claims })
      const answer = await signIn(login)
      expect(answer).toMatchObject({ status: 403, cookie: undefined, body: { code: 'EMAIL_NOT_VERIFIED' } })
      expect(answer.body.message).toContain('Acme')
    })

    test('asks for its second factor, with the token where no log sees it', async () => {
      const kit = twoFactorKit(server)
      const user = await kit.signUpWith('totp')
      const { login } = newAccount({ email: user.email })
      const answer = await signIn(login, { callbackURL: APP })
      expect([answer.status, answer.cookie]).toEqual([302, undefined])
      const location = new URL(answer.headers.get('location') ?? '')
      expect(`${location.origin}${location.pathname}${location.search}`).toBe(
        'https://app.example.com/welcome?from=snoop',
      )
      const fragment = new URLSearchParams(location.hash.slice(1))
      expect(fragment.get('twoFactorRequired')).toBe('true')
      expect(fragment.get('methods')).toBe('totp,backup-code')
      const challengeToken = fragment.get('challengeToken') ?? ''
      server.secrets.add(challengeToken)
      const proved = await kit.prove('/verify-totp', { code: kit.newTotp(user.secret), challengeToken })
      expect(proved.body.data.user.email).toBe(user.email)

      expect((await signIn(login)).body.data).toMatchObject({ twoFactorRequired: true })
    })

    test('stays closed when it is disabled', async () => {
      const { login, email } = newAccount()
      await signIn(login)
      await database.db.updateTable('users').set({ is_active: 0 }).where('email', '=', email).execute()
      expect(await signIn(login)).toMatchObject({
        status: 401,
        cookie: undefined,
        body: { code: 'USER_NOT_ACTIVE' },
      })
    })
  })

  describe('an answer of a provider', () => {
    const refused = { status: 400, cookie: undefined, body: { code: 'INVALID_TOKEN' } }

    test('counts once, of two at the same time too', async () => {
      const back = await goThrough(newAccount().login)
      const answers = await Promise.all([arrive(back), arrive(back), arrive(back)])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400])
      expect(await arrive(back)).toMatchObject(refused)
    })

    test('counts only in the browser that began (no one is signed in to an account of an attacker’s)', async () => {
      const attackers = await goThrough(newAccount().login)
      const victims = bindingOf(await begin())
      for (const cookie of ['', 'a=b', 'snoop_oauth_state=', `snoop_oauth_state=${'A'.repeat(43)}`, victims])
        expect(await arrive({ ...attackers, cookie })).toMatchObject(refused)
      // Nor is it used up by whoever else opens it.
      expect((await arrive(attackers)).status).toBe(200)
    })

    test('counts for 10 minutes', async () => {
      const [late, later] = [await goThrough(newAccount().login), await goThrough(newAccount().login)]
      server.advance(10 * MINUTE - 5000)
      expect((await arrive(late)).status).toBe(200)
      server.advance(5001)
      expect(await arrive(later)).toMatchObject(refused)
    })

    test('counts only at the address of the provider that it was asked of (mix-up)', async () => {
      const back = await goThrough(newAccount().login)
      const elsewhere = new URL(back.url.href.replace('/callback/acme', '/callback/other'))
      expect(await arrive({ ...back, url: elsewhere })).toMatchObject(refused)
      expect(await arrive(back)).toMatchObject(refused)
    })

    test.each<[string, { start?: (url: URL) => void; back?: (url: URL) => void }]>([
      ['another nonce', { start: url => url.searchParams.set('nonce', 'another') }],
      [
        'the code challenge of an attacker',
        { start: url => url.searchParams.set('code_challenge', 'A'.repeat(43)) },
      ],
      ['another code', { back: url => url.searchParams.set('code', 'another') }],
      ['no code', { back: url => url.searchParams.delete('code') }],
      ['another state', { back: url => url.searchParams.set('state', 'A'.repeat(43)) }],
      ['two codes', { back: url => url.searchParams.append('code', 'another') }],
      ['the issuer of another provider', { back: url => url.searchParams.set('iss', other.url) }],
      ['no issuer', { back: url => url.searchParams.delete('iss') }],
    ])('is refused with %s', async (_what, { start = () => {}, back = () => {} }) => {
      const returned = await goThrough(newAccount().login, {}, start)
      back(returned.url)
      expect(await arrive(returned)).toMatchObject(refused)
    })

    test('that holds a code stolen from somebody else is refused', async () => {
      const [victims, attackers] = [await goThrough(newAccount().login), await goThrough(newAccount().login)]
      attackers.url.searchParams.set('code', victims.url.searchParams.get('code') ?? '')
      expect(await arrive(attackers)).toMatchObject(refused)
    })

    test('that says no is told plainly, or led on', async () => {
      for (const callbackURL of [undefined, APP]) {
        const begun = await begin({ callbackURL })
        const url = new URL(await acme.cancel(begun.body.data.url))
        expect(url.searchParams.get('error')).toBe('access_denied')
        const answer = await arrive({ url, cookie: bindingOf(begun) })
        if (callbackURL === undefined) {
          expect(answer).toMatchObject(refused)
          expect(answer.body.message).toBe('The sign-in with Acme was cancelled')
        } else expect(answer.headers.get('location')).toContain('?from=snoop&error=INVALID_TOKEN#top')
        expect(answer.cookies).toContain('snoop_oauth_state=')
      }
    })

    test('is never repeated', async () => {
      for (const callbackURL of [undefined, APP]) {
        const begun = await begin({ callbackURL })
        const url = new URL(`${server.url}/api/auth/callback/acme`)
        const state = new URL(begun.body.data.url).searchParams.get('state') ?? ''
        const text = 'call +1-555-0100 <script>alert(1)</script>'
        url.search = new URLSearchParams({
          state,
          iss: acme.url,
          error: text,
          error_description: text,
        }).toString()
        const answer = await arrive({ url, cookie: bindingOf(begun) })
        const seen = JSON.stringify([answer.body, ...answer.headers])
        expect(answer.status).toBe(callbackURL === undefined ? 400 : 302)
        for (const word of ['555', 'script', 'alert']) expect(seen).not.toContain(word)
      }
      expect(server.log()).not.toContain('555-0100')
    })

    test('is not used up by looking (HEAD)', async () => {
      const back = await goThrough(newAccount().login)
      const { pathname, search } = back.url
      expect((await server.call('HEAD', pathname + search, { cookie: back.cookie })).status).toBe(405)
      expect((await arrive(back)).status).toBe(200)
    })

    test('opens one account when it comes in two browsers at once', async () => {
      const { login, email } = newAccount()
      const both = await Promise.all([goThrough(login), goThrough(login)])
      const answers = await Promise.all(both.map(back => arrive(back)))
      expect(answers.map(({ status }) => status)).toEqual([200, 200])
      expect(new Set(answers.map(({ body }) => body.data.user.id)).size).toBe(1)
      expect(answers[0]?.body.data.user.email).toBe(email)
    })
  })

  describe('a provider', () => {
    test.each(['google', 'constructor', 'hasownproperty'])('named %s is not known here', async provider => {
      const answer = await begin({ provider })
      expect(answer).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' }, cookies: [] })
      expect(answer.body.message).toBe(
        `One cannot sign in with "${provider}" here, but with: acme, other, github`,
      )
    })

    test('leads on to trusted places alone', async () => {
      for (const callbackURL of [
        'https://evil.example/',
        '//evil.example',
        'https://app.example.com@evil.example',
      ]) {
        const answer = await begin({ callbackURL })
        expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' }, cookies: [] })
      }
    })

    test('that is away, or breaks, is told as such, and asked again at the next try', async () => {
      const { login } = newAccount({}, other)
      // Its metadata are kept for an hour.
      server.advance(61 * MINUTE)
      other.intercept = ({ url }, response) => {
        if (url === DISCOVERY) response.destroy()
        return url === DISCOVERY
      }
      const answer = await begin({ provider: 'other' })
      expect(answer).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE' }, cookies: [] })
      expect(answer.headers.get('retry-after')).toBe('5')
      other.intercept = () => false
      const back = await goThrough(login, { provider: 'other', callbackURL: APP })
      other.intercept = ({ url }, response) => {
        if (url === '/token') response.writeHead(500).end()
        return url === '/token'
      }
      expect((await arrive(back)).headers.get('location')).toContain('error=SERVICE_UNAVAILABLE')
      other.intercept = () => false
      expect((await signIn(login, { provider: 'other' })).status).toBe(200)
      expect(server.log()).toMatch(/"event":"social.failed","provider":"other","reason":"[^"]+/)
    })

    test('has its own people: the same subject at another one is somebody else', async () => {
      const { login } = newAccount()
      other.accounts.set(login, { email: `elsewhere-${login}@example.com`, email_verified: true })
      const [here, there] = [await signIn(login), await signIn(login, { provider: 'other' })]
      expect(there.body.data.user.id).not.toBe(here.body.data.user.id)
    })
  })

  describe('GitHub', () => {
    const signInAtGithub = async (body: object = {}) => {
      const begun = await begin({ provider: 'github', ...body })
      const url = new URL(await github.signIn(begun.body.data.url))
      for (const name of ['state', 'code']) server.secrets.add(url.searchParams.get(name))
      return arrive({ url, cookie: bindingOf(begun) })
    }
    const octocat = (id: number, verified: boolean) => {
      const emails = [{ email: `octocat-${id}@example.com`, primary: true, verified }]
      github.user = { id, login: 'octocat', name: null, emails }
    }

    test('opens an account for a new person, and finds it by the number, not by the name', async () => {
      octocat(1, true)
      const first = await signInAtGithub()
      expect(first.body.data.user).toMatchObject({ email: 'octocat-1@example.com', fullName: 'octocat' })
      octocat(2, true)
      const second = await signInAtGithub()
      expect(second.body.data.user).toMatchObject({ email: 'octocat-2@example.com' })
      github.user = { ...github.user, id: 1, login: 'renamed', emails: [] }
      expect((await signInAtGithub()).body.data.user.id).toBe(first.body.data.user.id)
    })

    test('is not believed about an address that it has not verified', async () => {
      octocat(3, false)
      const answer = await signInAtGithub({ callbackURL: APP })
      expect(answer.headers.get('location')).toContain('error=EMAIL_NOT_VERIFIED')
    })

    test('that does not know the client is broken, not the sign-in', async () => {
      octocat(4, true)
      github.intercept = ({ url }, response) => {
        const isToken = url === '/login/oauth/access_token'
        if (isToken)
          response
            .writeHead(200, { 'content-type': 'application/json' })
            .end(JSON.stringify({ error: 'incorrect_client_credentials' }))
        return isToken
      }
      expect(await signInAtGithub()).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE' } })
      expect(server.log()).toContain('"error":"incorrect_client_credentials"')
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
