import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createGithubProvider } from './github-provider'
import type { SocialProvider, SocialRequest } from './social-provider'
import { sendJson } from './testing/listen-on-loopback'
import { type FakeGithub, startFakeGithub } from './testing/start-fake-github'

const redirectUri = 'http://127.0.0.1:9/api/auth/callback/github'
const scopes = ['read:user', 'user:email']
const [shown, primary] = [
  { email: 'shown@example.com', primary: false, verified: true },
  { email: 'ada@example.com', primary: true, verified: true },
]

const newRequest = (): SocialRequest => {
  const newSecret = () => randomBytes(32).toString('base64url')
  return { redirectUri, state: newSecret(), nonce: newSecret(), codeVerifier: newSecret() }
}

describe('GitHub (a fake of its four endpoints)', () => {
  let github: FakeGithub
  let client: SocialProvider
  beforeAll(async () => {
    github = await startFakeGithub()
  })
  afterAll(() => github.stop())
  beforeEach(() => {
    github.intercept = () => false
    github.user = { id: 583_231, login: 'octocat', name: 'Ada Lovelace', emails: [shown, primary] }
    const { clientId, clientSecret, url: baseUrl } = github
    client = createGithubProvider({ kind: 'github', name: 'GitHub', clientId, clientSecret, scopes, baseUrl })
  })
  const comeBack = async (request = newRequest(), change = (_back: URL) => {}) => {
    const back = new URL(await github.signIn(await client.authorizationUrl(request)))
    change(back)
    return client.readProfile(request, back.searchParams)
  }

  it('tells the number of the account, and the primary address', async () => {
    expect(await comeBack()).toEqual({
      subject: '583231',
      email: 'ada@example.com',
      emailVerified: true,
      name: 'Ada Lovelace',
    })
  })

  it('has no verified address where the primary one is not, or there is none', async () => {
    github.user = { ...github.user, name: null, emails: [shown, { ...primary, verified: false }] }
    expect(await comeBack()).toMatchObject({ emailVerified: false, name: 'octocat' })
    github.user = { ...github.user, emails: [shown] }
    expect(await comeBack()).toMatchObject({ email: undefined, emailVerified: false })
  })

  it.each<[string, (back: URL) => void]>([
    ['another state', back => back.searchParams.set('state', 'another')],
    ['no state', back => back.searchParams.delete('state')],
    ['another code', back => back.searchParams.set('code', 'another')],
    ['the iss of another provider', back => back.searchParams.set('iss', 'https://evil.example')],
    ['an error', back => back.searchParams.set('error', 'access_denied')],
  ])('is not believed with %s', async (_what, change) => {
    await expect(comeBack(newRequest(), change)).rejects.toThrow()
    expect(await comeBack()).toMatchObject({ subject: '583231' })
  })

  it('gives a code only to whoever began (PKCE)', async () => {
    const theirs = new URL(await github.signIn(await client.authorizationUrl(newRequest())))
    const code = theirs.searchParams.get('code') ?? ''
    const injected = comeBack(newRequest(), back => back.searchParams.set('code', code))
    await expect(injected).rejects.toMatchObject({
      cause: { cause: { body: { error: 'bad_verification_code' } } },
    })
  })

  it.each([
    ['no id', { id: undefined }],
    ['an id that is no number', { id: '583231; drop' }],
    ['nothing', null],
  ])('is not believed when it tells %s', async (_what, user) => {
    github.intercept = ({ url }, response) => url === '/api/v3/user' && sendJson(response, user)
    await expect(comeBack()).rejects.toThrow('/user was answered without an id')
  })

  it('is not believed without its list of addresses', async () => {
    github.intercept = ({ url }, response) =>
      url === '/api/v3/user/emails' && sendJson(response, { message: 'Not Found' }, 404)
    await expect(comeBack()).rejects.toThrow('/api/v3/user/emails was answered with 404')
  })

  it('is at github.com unless told otherwise', async () => {
    const real = createGithubProvider({
      kind: 'github',
      name: 'GitHub',
      clientId: 'id',
      clientSecret: 'secret',
      scopes,
      baseUrl: 'https://github.com',
    })
    const url = new URL(await real.authorizationUrl(newRequest()))
    expect(`${url.origin}${url.pathname}`).toBe('https://github.com/login/oauth/authorize')
    expect(url.searchParams.get('scope')).toBe('read:user user:email')
    expect(url.searchParams.get('code_challenge_method')).toBe('S256')
  })
})
