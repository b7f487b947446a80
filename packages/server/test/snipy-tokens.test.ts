import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../src/config/settings'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import {
  startTestServer,
  type TestAnswer,
  type TestServer,
  type TestUser,
} from '../src/testing/start-test-server'
import { twoFactorKit } from './kit/two-factor-kit'

type Fields = Readonly<Record<string, string>>

const TOKENS = {
  access_token: expect.stringMatching(/^eyJhbGciOiJIUzI1NiIs[\w-]*\.[\w-]+\.[\w-]{43}$/),
  refresh_token: expect.stringMatching(/^[\w-]{43}$/),
  expires_in: 86_400,
  token_type: 'Bearer',
}

/** As `curl -d` sends it. */
const sendForm = (
  server: TestServer,
  path: string,
  fields: Fields,
  headers: Fields = {},
): Promise<TestAnswer> =>
  server.call('POST', path, {
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })

describeOnEachDatabase('tokens of the snipy surface', createDatabase => {
  let server: TestServer
  let user: TestUser
  beforeAll(async () => {
    server = await startTestServer({ databaseUrl: await createDatabase() })
    user = await server.signUp()
  })
  afterAll(() => server.stop())

  const keep = (answer: TestAnswer) => {
    for (const secret of [
      answer.body.access_token,
      answer.body.refresh_token,
      answer.body.data?.challenge_token,
    ])
      server.secrets.add(secret)
    return answer
  }
  const form = async (path: string, fields: Fields, headers?: Fields) =>
    keep(await sendForm(server, path, fields, headers))
  const byPassword = (person: TestUser = user, password = person.password) =>
    form('/api/token', { grant_type: 'password', identifier: person.email, password })
  const refresh = (refresh_token: string) =>
    form('/api/token', { grant_type: 'refresh_token', refresh_token })
  const list = (headers: Fields) => server.call('GET', '/api/urls', { headers })
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const revoke = (headers: Fields) => server.call('POST', '/api/revoke', { headers })
  const outcome = ({ status, body }: TestAnswer) => [status, body.error, body.message]

  test('are handed out for a password, renewed, used and revoked; a form and JSON are the same', async () => {
    const first = await byPassword()
    expect([first.status, first.body]).toEqual([200, TOKENS])
    expect(first.cookies).toEqual([])
    const { handle } = (await server.call('GET', '/api/user/me', user)).body.data
    const body = { grant_type: 'password', identifier: handle, password: user.password }
    const asJson = keep(await server.call('POST', '/api/token', { body }))
    expect([asJson.status, asJson.body]).toEqual([200, TOKENS])
    const listed = await list(bearer(first.body.access_token))
    expect([listed.status, listed.body]).toEqual([
      200,
      { error: 0, data: { result: 0, perpage: 15, currentpage: 1, nextpage: null, maxpage: 1, urls: [] } },
    ])

    const second = await refresh(first.body.refresh_token)
    expect([second.status, second.body]).toEqual([200, TOKENS])
    const revoked = await revoke(bearer(second.body.access_token))
    expect([revoked.status, revoked.body]).toEqual([200, { error: 0, data: { revoked: true } }])
    for (const { access_token } of [first.body, second.body])
      expect((await list(bearer(access_token))).status).toBe(401)
    expect((await revoke(bearer(second.body.access_token))).status).toBe(401)
    expect((await refresh(second.body.refresh_token)).status).toBe(401)
    expect((await list(bearer(asJson.body.access_token))).status).toBe(200)
    const path = `/api/user/organizations/${user.organizationId}/audit-logs?action=token_family.revoked`
    const { data } = (await server.call('GET', path, user)).body
    expect(data.logs).toMatchObject([{ action: 'token_family.revoked', resourceType: 'token_family' }])
  })

  test('end together when a refresh token comes twice, and the organization reads it', async () => {
    const someone = await server.signUp()
    const first = (await byPassword(someone)).body
    const second = (await refresh(first.refresh_token)).body
    expect(outcome(await refresh(first.refresh_token))).toEqual([
      401,
      1,
      'This refresh token is invalid, expired or already used: sign in again with the password',
    ])
    for (const { access_token } of [first, second])
      expect(outcome(await list(bearer(access_token)))).toEqual([
        401,
        1,
        'Invalid, expired or revoked access token',
      ])
    expect((await refresh(second.refresh_token)).status).toBe(401)
    const path = `/api/user/organizations/${someone.organizationId}/audit-logs?action=token_family.reuse_detected`
    const { data } = (await server.call('GET', path, someone)).body
    expect(data.logs).toMatchObject([{ outcome: 'refused', resourceType: 'token_family' }])
  })

  test('come twenty times at once from one refresh token: one pair, and then none', async () => {
    const { refresh_token } = (await byPassword()).body
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refresh_token)))
    const [pair, ...more] = answers.filter(({ status }) => status === 200)
    expect([pair?.body, more]).toEqual([TOKENS, []])
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(19)
    expect((await list(bearer(pair?.body.access_token))).status).toBe(401)
    expect((await refresh(pair?.body.refresh_token)).status).toBe(401)
  })

  test('need the second factor where one is on', async () => {
    const person = await server.signUp()
    await server.verifyAddress(person.email)
    const { enable, prove, totp, newTotp, wrongTotp } = twoFactorKit(server)
    const { secret, backupCodes } = await enable(person.cookie)
    await prove('/verify-totp', { code: totp(secret) }, person.cookie)
    const ask = async () => {
      const { status, body } = await byPassword(person)
      expect([status, body]).toEqual([
        200,
        {
          error: 0,
          data: { twofa_required: true, challenge_token: expect.stringMatching(/^ch_[\w-]{43}$/) },
        },
      ])
      return body.data.challenge_token as string
    }
    const complete = (challenge_token: string, code: string) =>
      form('/api/token/2fa', { challenge_token, code })

    const challenge = await ask()
    expect((await list(bearer(challenge))).status).toBe(401)
    expect(outcome(await complete(challenge, wrongTotp(secret)))).toEqual([
      401,
      1,
      expect.stringMatching(/^This code is wrong/),
    ])
    const code = newTotp(secret)
    const completed = await complete(challenge, code)
    expect([completed.status, completed.body]).toEqual([200, TOKENS])
    expect((await list(bearer(completed.body.access_token))).status).toBe(200)
    const again = await complete(challenge, newTotp(secret))
    expect(outcome(again)).toEqual([401, 1, expect.stringMatching(/^This challenge has expired, was used/)])
    const byBackupCode = await complete(await ask(), backupCodes[0] ?? '')
    expect([byBackupCode.status, byBackupCode.body]).toEqual([200, TOKENS])
  })

  describe('are refused', () => {
    test.each<[string, Fields, string]>([
      ['without a grant type', { identifier: 'a', password: 'b' }, 'grant_type: Required'],
      [
        'for a grant type that there is none of',
        { grant_type: 'client_credentials' },
        'grant_type: Must be password or refresh_token',
      ],
      [
        'without an identifier',
        { grant_type: 'password', password: 'b' },
        'identifier: Required with grant_type=password',
      ],
      [
        'without a password',
        { grant_type: 'password', identifier: 'a', password: '' },
        'password: Required with grant_type=password',
      ],
      [
        'without a refresh token',
        { grant_type: 'refresh_token' },
        'refresh_token: Required with grant_type=refresh_token',
      ],
    ])('%s, with what is missing', async (_what, fields, message) => {
      const asForm = await form('/api/token', fields)
      const asJson = await server.call('POST', '/api/token', { body: fields })
      for (const answer of [asForm, asJson]) {
        expect(outcome(answer)).toEqual([400, 1, message])
        expect(answer.headers.get('x-error-code')).toBe('VALIDATION_ERROR')
      }
    })

    test('for a challenge without a code, a body that is none, and a field twice', async () => {
      expect(outcome(await form('/api/token/2fa', {}))).toEqual([
        400,
        1,
        'challenge_token: Required; code: Required',
      ])
      const asText = { headers: { 'content-type': 'text/plain' }, body: 'grant_type=password' }
      expect(outcome(await server.call('POST', '/api/token', asText))).toEqual([
        415,
        1,
        'The body must be application/x-www-form-urlencoded or application/json',
      ])
      const twice = {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=password&identifier=a&identifier=b&password=c',
      }
      expect((await server.call('POST', '/api/token', twice)).status).toBe(400)
      expect((await server.call('POST', '/api/token', { body: '{' })).body).toEqual({
        error: 1,
        message: expect.any(String),
      })
    })

    test.each(['nobody@example.com', 'nobody-here', '\0', "' or 1=1 --", 'x'.repeat(512)])(
      'for %j, who is nobody, as for a wrong password',
      async identifier => {
        const unknown = await form('/api/token', { grant_type: 'password', identifier, password: 'wrong' })
        const wrong = await byPassword(user, 'wrong')
        expect([unknown.status, unknown.body]).toEqual([wrong.status, wrong.body])
        expect(unknown.body).toEqual({ error: 1, message: 'Invalid e-mail address or password' })
        expect(unknown.status).toBe(401)
        // Else the fifth one locks this account out.
        expect((await byPassword()).status).toBe(200)
      },
    )

    test('for a form with more in it than anybody would fill in', async () => {
      const long = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`field${at}`, 'x']))
      const { status, headers } = await form('/api/token', { grant_type: 'password', ...long })
      expect([status, headers.get('x-error-code')]).toEqual([400, 'BODY_TOO_LARGE'])
    })

    test('after wrong passwords here and at the native sign-in together', async () => {
      const victim = await server.signUp()
      const native = (password: string) =>
        server.call('POST', '/api/auth/sign-in/email', { body: { email: victim.email, password } })
      for (const _ of [1, 2]) expect((await native('wrong')).status).toBe(401)
      for (const _ of [1, 2, 3]) expect((await byPassword(victim, 'wrong')).status).toBe(401)
      const refused = await byPassword(victim)
      expect([refused.status, refused.body.error]).toEqual([429, 1])
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect((await native(victim.password)).status).toBe(429)
    })
  })

  describe('and other credentials', () => {
    test('do not stand for one another, here or at native routes', async () => {
      const { access_token, refresh_token } = (await byPassword()).body
      const session = user.cookie.split('=')[1] ?? ''
      expect((await list(bearer(refresh_token))).status).toBe(401)
      expect((await list(bearer(session))).status).toBe(401)
      expect((await refresh(access_token)).status).toBe(401)
      expect((await list({ 'x-api-key': access_token })).status).toBe(401)
      expect((await server.call('GET', '/api/user/me', { headers: bearer(access_token) })).status).toBe(401)
      expect((await server.call('GET', '/api/user/me', { key: access_token })).status).toBe(401)
      const asCookie = `snoop_session=${access_token}`
      expect((await server.call('GET', '/api/user/me', { cookie: asCookie })).status).toBe(401)
    })

    test('a session is none here, and changes nothing where another one is sent', async () => {
      const { access_token } = (await byPassword()).body
      expect(outcome(await list({ cookie: user.cookie }))).toEqual([
        401,
        1,
        'Send an API key in `X-API-Key`, or an access token as `Authorization: Bearer`',
      ])
      const foreign = { cookie: user.cookie, origin: 'https://evil.example' }
      expect((await list({ ...bearer(access_token), ...foreign })).status).toBe(200)
      const fields = { grant_type: 'password', identifier: user.email, password: user.password }
      const granted = await form('/api/token', fields, { cookie: user.cookie })
      expect([granted.status, granted.cookies]).toEqual([200, []])
      expect((await server.call('GET', '/api/user/me', user)).status).toBe(200)
    })

    test('a page of a foreign origin gets no tokens', async () => {
      const fields = { grant_type: 'password', identifier: user.email, password: user.password }
      const answer = await form('/api/token', fields, { origin: 'https://evil.example' })
      expect([answer.status, answer.body.error]).toEqual([403, 1])
    })

    test('the key wins over the token, also if it is wrong', async () => {
      const { access_token } = (await byPassword()).body
      const snpy = (await server.createKey(user, { format: 'snpy', scopes: [] })).key
      const qrOnly = (await server.createKey(user, { format: 'snpy', scopes: ['qr:read'] })).key
      const native = (await server.createKey(user, { scopes: ['projects:read'] })).key
      const withKey = (key: string) => list({ 'x-api-key': key, ...bearer(access_token) })
      expect((await withKey(snpy)).status).toBe(200)
      expect((await withKey(native)).status).toBe(200)
      expect((await withKey(qrOnly)).status).toBe(403)
      for (const key of ['', 'snpy_', `${snpy.slice(0, -1)}x`, 'snt_x'])
        expect(outcome(await withKey(key))).toEqual([401, 1, expect.any(String)])
      for (const key of [snpy, native])
        expect(outcome(await revoke({ 'x-api-key': key, ...bearer(access_token) }))).toEqual([
          403,
          1,
          expect.stringMatching(/^Only an access token can be ended here/),
        ])
      expect((await list(bearer(access_token))).status).toBe(200)
      for (const authorization of ['Bearer', 'Basic eDp5', access_token])
        expect((await list({ authorization })).status).toBe(401)
    })

    test('fields of links that are wrong are named, with 422', async () => {
      const { access_token } = (await byPassword()).body
      const answer = await server.call('POST', '/api/url/add', {
        headers: bearer(access_token),
        body: { url: 'javascript:alert(1)', maxClicks: 0 },
      })
      expect(outcome(answer)).toEqual([422, 1, expect.stringMatching(/url: .*maxClicks: /)])
    })
  })
})

describe('tokens of the snipy surface', () => {
  test('are counted: five a minute, told in the headers of each answer', async () => {
    const server = await startTestServer({ rateLimits: DEFAULT_RATE_LIMITS })
    try {
      const ask = (fields: Fields) => sendForm(server, '/api/token', fields)
      const seen: (string | null)[][] = []
      for (let n = 0; n < 6; n++) {
        const { status, headers } = await ask({ grant_type: 'x' })
        const names = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'ratelimit-limit']
        seen.push([String(status), ...names.map(name => headers.get(name))])
        expect(headers.has('retry-after')).toBe(status === 429)
      }
      expect(seen).toEqual([
        ...['4', '3', '2', '1', '0'].map(left => ['400', '5', left, null]),
        ['429', '5', '0', null],
      ])
      const user = await server.signUp()
      const { key } = await server.createKey(user, { format: 'snpy', scopes: [] })
      const listed = await server.call('GET', '/api/urls', { key })
      const told = (name: string) => listed.headers.get(`x-ratelimit-${name}`)
      expect([listed.status, told('limit'), told('remaining')]).toEqual([200, '60', '59'])
      const refused = await server.call('GET', '/api/urls')
      expect([refused.status, refused.headers.has('x-ratelimit-limit')]).toEqual([401, true])
    } finally {
      await server.stop()
    }
  })

  test('are not to be had where the surface is off', async () => {
    const server = await startTestServer({ surfaces: ['native'] })
    try {
      const answer = await sendForm(server, '/api/token', { grant_type: 'password' })
      expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND'])
    } finally {
      await server.stop()
    }
  })
})
