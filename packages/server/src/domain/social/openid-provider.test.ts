import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createOpenIdProvider } from './openid-provider'
import type { SocialProvider, SocialRequest } from './social-provider'
import { listenOnLoopback, sendJson } from './testing/listen-on-loopback'
import { startOpenIdProvider, type TestOpenIdProvider } from './testing/start-openid-provider'

const redirectUri = 'http://127.0.0.1:9/api/auth/callback/acme'
const METADATA = '/.well-known/openid-configuration'
const HOUR_MS = 3_600_000

const newRequest = (): SocialRequest => {
  const newSecret = () => randomBytes(32).toString('base64url')
  return { redirectUri, state: newSecret(), nonce: newSecret(), codeVerifier: newSecret() }
}

/** What somebody does to the address before and after the provider's pages. */
interface Change {
  readonly start?: (url: URL) => void
  readonly back?: (url: URL) => void
}

describe.each([
  ['at the userinfo endpoint', false],
  ['in the ID token', true],
])('an OpenID provider that tells the address %s', (_where, claimsInIdToken) => {
  let acme: TestOpenIdProvider
  let client: SocialProvider
  let now = 0
  beforeAll(async () => {
    acme = await startOpenIdProvider({ claimsInIdToken })
    acme.register(redirectUri)
    acme.accounts.set('ada', { email: 'ada@example.com', email_verified: true, name: 'Ada Lovelace' })
    acme.accounts.set('bob', { email: 'bob@example.com', email_verified: false })
    acme.accounts.set('eve', { email: 'eve@example.com' })
    acme.accounts.set('nobody', {})
  })
  afterAll(() => acme.stop())
  beforeEach(() => {
    acme.intercept = () => false
    client = createClient()
  })

  const createClient = (change: { clientSecret?: string; issuer?: string } = {}) => {
    const { clientId, clientSecret, url: issuer } = acme
    const scopes = ['openid', 'email', 'profile']
    const config = {
      kind: 'openid' as const,
      name: 'Acme',
      clientId,
      clientSecret,
      issuer,
      scopes,
      ...change,
    }
    return createOpenIdProvider(config, () => now)
  }
  const comeBack = async (login: string, request: SocialRequest, change: Change = {}) => {
    const start = new URL(await client.authorizationUrl(request))
    change.start?.(start)
    const back = new URL(await acme.signIn(start.href, login))
    change.back?.(back)
    return client.readProfile(request, back.searchParams)
  }

  it('tells who signed in, and whether the address is verified: what is not said is not so', async () => {
    expect(await comeBack('ada', newRequest())).toEqual({
      subject: 'ada',
      email: 'ada@example.com',
      emailVerified: true,
      name: 'Ada Lovelace',
    })
    expect(await comeBack('bob', newRequest())).toMatchObject({ subject: 'bob', emailVerified: false })
    expect(await comeBack('eve', newRequest())).toMatchObject({
      email: 'eve@example.com',
      emailVerified: false,
    })
    expect(await comeBack('nobody', newRequest())).toEqual({
      subject: 'nobody',
      email: undefined,
      emailVerified: false,
      name: undefined,
    })
  })

  it('is sent state, nonce and the S256 challenge, and never the verifier', async () => {
    const request = newRequest()
    const url = new URL(await client.authorizationUrl(request))
    expect(Object.fromEntries(url.searchParams)).toEqual({
      redirect_uri: redirectUri,
      scope: 'openid email profile',
      state: request.state,
      nonce: request.nonce,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      client_id: acme.clientId,
      response_type: 'code',
    })
    expect(url.href).not.toContain(request.codeVerifier)
  })

  it.each<[string, Change, RegExp]>([
    ['another nonce', { start: url => url.searchParams.set('nonce', 'another') }, /"nonce" claim value/],
    ['no nonce', { start: url => url.searchParams.delete('nonce') }, /\(nonce\) claim missing/],
    [
      'another code challenge',
      { start: url => url.searchParams.set('code_challenge', 'A'.repeat(43)) },
      /invalid_grant/,
    ],
    ['another state', { back: url => url.searchParams.set('state', 'another') }, /unexpected "state"/],
    ['two states', { back: url => url.searchParams.append('state', 'another') }, /"state".*only once/],
    ['another code', { back: url => url.searchParams.set('code', 'another') }, /invalid_grant/],
    ['no code', { back: url => url.searchParams.delete('code') }, /no authorization code/],
    [
      'the iss of another provider',
      { back: url => url.searchParams.set('iss', 'https://evil.example') },
      /unexpected "iss"/,
    ],
    ['no iss', { back: url => url.searchParams.delete('iss') }, /"iss" \(issuer\) missing/],
    ['an ID token in the address', { back: url => url.searchParams.set('id_token', 'e30.e30.') }, /implicit/],
    ['a response of another kind', { back: url => url.searchParams.set('response', 'e30.e30.') }, /JARM/],
  ])('is not believed with %s', async (_what, change, reason) => {
    const error = await comeBack('ada', newRequest(), change).catch(thrown => thrown)
    expect(`${error.error} ${error.cause?.message}`).toMatch(reason)
  })

  it('gives a code that counts once, and only for the sign-in that it was given to', async () => {
    const [mine, theirs] = [newRequest(), newRequest()]
    const back = new URL(await acme.signIn(await client.authorizationUrl(theirs), 'bob'))
    const code = back.searchParams.get('code') ?? ''
    const injected = comeBack('ada', mine, { back: url => url.searchParams.set('code', code) })
    await expect(injected).rejects.toMatchObject({ error: 'invalid_grant' })

    const request = newRequest()
    const again = new URL(await acme.signIn(await client.authorizationUrl(request), 'ada'))
    await client.readProfile(request, again.searchParams)
    await expect(client.readProfile(request, again.searchParams)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('is not believed when its ID token was signed with a key that is not its own', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const jwk = {
      ...publicKey.export({ format: 'jwk' }),
      alg: 'RS256',
      use: 'sig',
      kid: 'keystore-CHANGE-ME',
    }
    acme.intercept = ({ url }, response) => url === '/jwks' && sendJson(response, { keys: [jwk] })
    await expect(comeBack('ada', newRequest())).rejects.toMatchObject({
      cause: { message: 'JWT signature verification failed' },
    })
    expect(acme.requests).toContain('GET /jwks')
  })

  it('is asked for its metadata once an hour, by many at once, and again after a failure', async () => {
    const asked = () => acme.requests.filter(request => request === `GET ${METADATA}`).length
    const before = asked()
    const ask = () => client.authorizationUrl(newRequest())
    acme.intercept = ({ url }, response) => url === METADATA && sendJson(response, {}, 500)
    await expect(ask()).rejects.toThrow()
    acme.intercept = () => false
    await Promise.all([ask(), ask(), ask()])
    expect(asked() - before).toBe(2)
    now += HOUR_MS - 1
    await ask()
    expect(asked() - before).toBe(2)
    now += 1
    await ask()
    expect(asked() - before).toBe(3)
  })

  it('is not taken for another issuer than the one configured', async () => {
    const elsewhere = createClient({ issuer: acme.url.replace('127.0.0.1', 'localhost') })
    await expect(elsewhere.authorizationUrl(newRequest())).rejects.toThrow('issuer')
  })

  it('gets the client’s secret only at its own token endpoint: no redirect is followed', async () => {
    const evil = await listenOnLoopback(() => (_request, response) => void sendJson(response, {}))
    acme.intercept = ({ method }, response) => {
      if (method !== 'POST' || response.req.url !== '/token') return false
      response.writeHead(307, { location: `${evil.url}/token` }).end()
      return true
    }
    await expect(comeBack('ada', newRequest())).rejects.toThrow()
    expect(acme.requests).toContain('POST /token')
    expect(evil.requests).toEqual([])
    await evil.stop()
  })

  it('is not read on after 1 MiB', async () => {
    acme.intercept = ({ url }, response) =>
      url === METADATA && sendJson(response, { issuer: acme.url, padding: 'x'.repeat(1024 * 1024) })
    await expect(client.authorizationUrl(newRequest())).rejects.toMatchObject({
      cause: { message: 'the answer is larger than 1048576 bytes' },
    })
  })

  it('refuses a wrong secret', async () => {
    client = createClient({ clientSecret: 'wrong' })
    await expect(comeBack('ada', newRequest())).rejects.toMatchObject({
      code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
    })
  })
})
