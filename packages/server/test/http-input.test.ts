import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import {
  startTestServer,
  type TestAnswer,
  type TestServer,
  type TestUser,
} from '../src/testing/start-test-server'

const problem = (field: string, location: string) => ({ field, error: expect.any(String), location })

const refusal = (fields: string, errors: ReturnType<typeof problem>[]) => ({
  success: false,
  status: 400,
  code: 'VALIDATION_ERROR',
  message: `Validation failed for fields: ${fields}`,
  meta: { errors },
})

const codeOf = ({ status, body }: TestAnswer) => `${status} ${body.code}`

describeOnEachDatabase('input', createDatabase => {
  let server: TestServer
  let user: TestUser
  let projects: string
  beforeAll(async () => {
    server = await startTestServer({ databaseUrl: await createDatabase() })
    user = await server.signUp()
    projects = `/api/user/organizations/${user.organizationId}/projects`
  })
  afterAll(() => server.stop())

  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    server.call(method, path, { cookie: user.cookie, headers, ...(body !== undefined && { body }) })

  describe('a body', () => {
    test.each([
      [undefined, 415],
      ['', 415],
      ['text/json', 415],
      ['application/jsonp', 415],
      ['application/x-json', 415],
      ['application/problem+json', 415],
      ['text/plain; application/json', 415],
      ['application/json', 200],
      ['Application/JSON', 200],
      [' application/json ; charset=utf-8', 200],
      ['application/json;charset=utf-16', 200],
    ])('of type %j is answered %i', async (contentType, status) => {
      const response = await fetch(`${server.url}/api/user/me`, {
        method: 'PUT',
        headers: { cookie: user.cookie, ...(contentType !== undefined && { 'content-type': contentType }) },
        body: Buffer.from('{}'),
      })
      expect(response.status).toBe(status)
    })

    test.each(['gzip', 'br', 'identity, gzip'])(
      'that is compressed (%s) is refused as such',
      async coding => {
        const answer = await call('PUT', '/api/user/me', '{}', { 'content-encoding': coding })
        expect(codeOf(answer)).toBe('415 UNSUPPORTED_MEDIA_TYPE')
      },
    )

    test.each(['', ' ', '{', '[]', '1', 'null', '"a"', '\ufeff{}', '{"a":1}x', '{"fullName":"\0"}'])(
      'of %j is no JSON object',
      async body => {
        expect(codeOf(await call('PUT', '/api/user/me', body))).toBe('400 MALFORMED_JSON')
      },
    )

    test('of 100 000 levels is refused, where any JSON is allowed too', async () => {
      const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
      const body = `{"name":"deep","metadata":${deep}}`
      expect(codeOf(await call('POST', '/api/auth/api-key/create', body))).toBe('400 MALFORMED_JSON')
    })

    test('of more than 10 MiB is refused, one of 10 MiB is read', async () => {
      const body = (size: number) => JSON.stringify({ fullName: 'a'.repeat(size - '{"fullName":""}'.length) })
      const limit = 10 * 1024 * 1024
      expect(codeOf(await call('PUT', '/api/user/me', body(limit)))).toBe('400 VALIDATION_ERROR')
      const refused = await call('PUT', '/api/user/me', body(limit + 1))
      expect(refused.body).toEqual({
        success: false,
        status: 400,
        code: 'BODY_TOO_LARGE',
        message: 'The request body is larger than 10 MiB',
      })
      expect(refused.headers.get('connection')).toBe('close')
    })

    test('with hundreds of thousands of faults gets a short answer', async () => {
      const names = Array.from({ length: 130_000 }, (_, index) => `"${'a'.repeat(65)}${index}":1`)
      const answer = await call(
        'POST',
        '/api/auth/api-key/create',
        `{"name":"a","metadata":{${names.join(',')}}}`,
      )
      expect(codeOf(answer)).toBe('400 VALIDATION_ERROR')
      expect(answer.body.meta.errors).toHaveLength(100)
    })

    test('cannot touch prototypes: such names are gone, also where any JSON is kept', async () => {
      const metadata =
        '{"__proto__":{"a":1},"constructor":{"prototype":{"a":1}},"deep":[{"__proto__":1,"b":2}],"c":3}'
      const body = `{"name":"proto","metadata":${metadata},"__proto__":{"enabled":false},"constructor":1}`
      const { id } = (await call('POST', '/api/auth/api-key/create', body)).body.data
      const { body: got } = await call('GET', `/api/auth/api-key/get?id=${id}`)
      expect(JSON.stringify(got.data.metadata)).toBe('{"deep":[{"b":2}],"c":3}')
      expect(({} as { a?: number }).a).toBeUndefined()
      await call('POST', '/api/auth/api-key/delete', { keyId: id })
    })

    test('says who the caller is to nobody: fields that the contract does not name are dropped', async () => {
      const stranger = await server.signUp()
      const intruding = {
        userId: stranger.id,
        organizationId: stranger.organizationId,
        role: 'owner',
        id: 'chosen',
      }
      const { data } = (await call('POST', projects, { name: 'Mine', ...intruding })).body
      expect(data.createdByUser.id).toBe(user.id)
      expect(data.id).not.toBe('chosen')
      const renamed = await call('PUT', '/api/user/me', {
        fullName: 'Still me',
        ...intruding,
        email: 'x@example.com',
      })
      expect(renamed.body.data).toMatchObject({ id: user.id, email: user.email, role: 'user' })
    })
  })

  describe('what is wrong', () => {
    test('is told for all fields at once, nested ones with dots', async () => {
      const answer = await call('PUT', '/api/user/me', {
        fullName: '',
        handle: 5,
        emailPreferences: { marketingOptOut: 'yes' },
      })
      const fields = ['fullName', 'handle', 'emailPreferences.marketingOptOut']
      expect(answer.body).toEqual(
        refusal(
          fields.join(', '),
          fields.map(field => problem(field, 'body')),
        ),
      )
    })

    test('in a list is told with its place', async () => {
      const answer = await call('POST', '/api/auth/api-key/create', {
        name: 'a',
        scopes: ['user:read', 'root'],
      })
      expect(answer.body).toEqual(refusal('scopes.1', [problem('scopes.1', 'body')]))
    })

    test.each([
      ['limit=101', 'limit'],
      ['limit=0', 'limit'],
      ['limit=-1', 'limit'],
      ['limit=1.5', 'limit'],
      ['limit=', 'limit'],
      ['limit=ten', 'limit'],
      ['limit=NaN', 'limit'],
      ['limit=1&limit=2', 'limit'],
      ['offset=-1', 'offset'],
      ['offset=1.5', 'offset'],
      ['offset=2147483648', 'offset'],
      ['offset=Infinity', 'offset'],
      ['offset=0&offset=0', 'offset'],
      ['sort=password_hash', 'sort'],
      ['sort=name;drop+table+users', 'sort'],
      ['sort=-createdAt&sort=-createdAt', 'sort'],
      ['q=%00', 'q'],
      ['q=a&q=b', 'q'],
      [`q=${'a'.repeat(201)}`, 'q'],
      ['status=deleted', 'status'],
      ['limit=101&offset=-1&q=%00', 'offset, limit, q'],
    ])('in the query is told: %s', async (query, fields) => {
      const answer = await call('GET', `${projects}?${query}`)
      expect(answer.body).toEqual(
        refusal(
          fields,
          fields.split(', ').map(field => problem(field, 'query')),
        ),
      )
    })

    test.each([
      ['offset=null', 0, 20],
      ['offset=0&limit=100', 0, 100],
      ['offset=2147483647', 2147483647, 20],
      ['limit=1&page=2&__proto__=3&constructor=4&toString=5', 0, 1],
      ['&&=&%', 0, 20],
    ])('is not told where nothing is: %s', async (query, offset, limit) => {
      const answer = await call('GET', `${projects}?${query}`)
      expect(answer.status).toBe(200)
      expect(answer.body.meta).toMatchObject({ offset, limit })
    })

    test.each(['%00', 'a%00b', '%20', '..%2F..', "'or'1'='1", 'a'.repeat(65), '%F0%9F%98%80', '%0d%0aX-Y:z'])(
      'in the path is told: %s',
      async id => {
        const answer = await call('GET', `${projects}/${id}`)
        expect(answer.body).toEqual(refusal('id', [problem('id', 'params')]))
        const organization = await call('GET', `/api/user/organizations/${id}/projects`)
        expect(organization.body.meta.errors).toEqual([problem('organizationId', 'params')])
      },
    )

    test('in the path is told before the body is read, and only to those who are somebody', async () => {
      expect(codeOf(await call('PUT', `${projects}/%00`, '{'))).toBe('400 VALIDATION_ERROR')
      expect(codeOf(await server.call('PUT', `${projects}/%00`, { body: '{' }))).toBe(
        '401 AUTHENTICATION_REQUIRED',
      )
    })
  })

  describe('a null byte or half a character', () => {
    const hostile = ['\0', 'a\0b', '\ud800', 'a\udfffb', '\u0000\u0007\u001b[31m', '\ufffe', '\u202e']
    const texts = hostile.map(text => [JSON.stringify(text), text] as const)

    test.each(texts)('%s in any text is stored as it may be, or refused; never a fault', async (_, text) => {
      const calls: [string, string, Record<string, unknown>][] = [
        ['PUT', '/api/user/me', { fullName: text, handle: text }],
        ['PUT', '/api/user/me', { fullName: `a${text}b` }],
        [
          'POST',
          projects,
          { name: `a${text}`, description: text, website: `https://a.example/${text}`, timezone: text },
        ],
        ['POST', projects, { name: 'a', slug: text }],
        ['POST', '/api/user/organizations', { name: `a${text}` }],
        ['POST', '/api/auth/api-key/create', { name: 'a', metadata: { [text]: text, deep: [text] } }],
        ['POST', '/api/auth/api-key/create', { name: 'a', metadata: { organizationId: text } }],
        ['POST', '/api/auth/api-key/verify', { key: text }],
        ['POST', '/api/auth/revoke-session', { id: text }],
        ['POST', '/api/auth/verify-email', { token: text }],
        ['POST', '/api/auth/send-verification-email', { email: 'a@example.com', callbackURL: text }],
        ['POST', '/api/auth/send-verification-email', { email: `a${text}@example.com` }],
        ['POST', '/api/auth/sign-in/email', { email: user.email, password: text }],
        ['POST', '/api/auth/sign-in/email', { email: `${text}@example.com`, password: text }],
        [
          'POST',
          '/api/auth/sign-up/email',
          {
            email: 'b@example.com',
            password: `long enough ${text}`,
            name: `a${text}`,
            callbackURL: `/${text}`,
          },
        ],
      ]
      for (const [method, path, body] of calls) {
        const answer = await call(method, path, body)
        expect(answer.status, `${method} ${path} ${JSON.stringify(answer.body)}`).toBeLessThan(500)
      }
      for (const name of ['q', 'sort', 'offset', 'state']) {
        const query = new URLSearchParams({ [name]: text })
        expect((await call('GET', `/api/auth/api-key/list?${query}`)).status).toBeLessThan(500)
      }
      const listed = await call('GET', '/api/auth/api-key/list?limit=100')
      for (const { id } of listed.body.data) await call('POST', '/api/auth/api-key/delete', { keyId: id })
    })

    test('in a header that is kept is no fault', async () => {
      const agent = Buffer.from('\x80\xff\x9b31m \t (é)', 'latin1').toString('latin1')
      const headers = { 'user-agent': agent, 'idempotency-key': agent }
      // The others' wrong passwords were counted.
      const { email, password } = await server.signUp()
      const signedIn = await server.call('POST', '/api/auth/sign-in/email', {
        body: { email, password },
        headers,
      })
      expect(signedIn.status).toBe(200)
      const { body } = await server.call('GET', '/api/auth/list-sessions', { cookie: signedIn.cookie })
      for (const { device } of body.data) expect(device).toMatch(/^[^\p{Cc}]+$/u)
    })
  })
})
