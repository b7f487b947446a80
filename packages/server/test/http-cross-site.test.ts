import { listEndpoints } from '@snoop/sdk/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer, type TestUser } from '../src/testing/start-test-server'

const TRUSTED = 'https://app.example.com'

let server: TestServer
let user: TestUser
let key: string
beforeAll(async () => {
  server = await startTestServer({ trustedOrigins: [TRUSTED] })
  user = await server.signUp()
  key = (await server.createKey(user)).key
})
afterAll(() => server.stop())

const own = () => new URL(server.url).origin
const rename = (headers: Record<string, string>, credential: { cookie?: string; key?: string }) =>
  server.call('PUT', '/api/user/me', { body: { fullName: 'Renamed' }, headers, ...credential })

describe('a write with a cookie', () => {
  test.each([
    ['no browser header at all', () => ({})],
    ['its own origin', () => ({ origin: own() })],
    [
      'its own origin by the other name of this machine',
      () => ({ origin: own().replace('127.0.0.1', 'localhost') }),
    ],
    ['a trusted origin', () => ({ origin: TRUSTED })],
    ['a trusted origin of another site', () => ({ origin: TRUSTED, 'sec-fetch-site': 'cross-site' })],
    ['a referer of its own', () => ({ referer: `${own()}/settings?a=b` })],
    ['a trusted referer', () => ({ referer: `${TRUSTED}/` })],
    ['a page of its own that hides its origin', () => ({ 'sec-fetch-site': 'same-origin' })],
    ['nobody but the user', () => ({ 'sec-fetch-site': 'none' })],
  ])('from %s passes', async (_, headers) => {
    expect((await rename(headers(), { cookie: user.cookie })).status).toBe(200)
  })

  test.each([
    ['a foreign origin', { origin: 'https://evil.example' }],
    ['an origin that begins like a trusted one', { origin: `${TRUSTED}.evil.example` }],
    ['an origin that ends like a trusted one', { origin: 'https://evil-app.example.com' }],
    ['a trusted host on another port', { origin: `${TRUSTED}:8443` }],
    ['a trusted host by plain HTTP', { origin: TRUSTED.replace('https', 'http') }],
    ['a trusted origin in capitals', { origin: TRUSTED.toUpperCase() }],
    ['a trusted origin with a path', { origin: `${TRUSTED}/` }],
    ['an opaque origin', { origin: 'null' }],
    ['an empty origin', { origin: '' }],
    ['two origins', { origin: `${TRUSTED}, https://evil.example` }],
    [
      'a foreign origin with a referer of its own',
      { origin: 'https://evil.example', referer: `${TRUSTED}/` },
    ],
    ['a foreign referer', { referer: 'https://evil.example/' }],
    ['a foreign referer that names a trusted one', { referer: `https://evil.example/${TRUSTED}` }],
    ['a referer with a trusted user name', { referer: 'https://app.example.com@evil.example/' }],
    ['a referer that is no URL', { referer: 'app.example.com' }],
    ['a page of another site that hides its origin', { 'sec-fetch-site': 'cross-site' }],
    ['a sister site that hides its origin', { 'sec-fetch-site': 'same-site' }],
  ])('from %s is refused', async (_, headers: Record<string, string>) => {
    const answer = await rename(headers, { cookie: user.cookie })
    expect([answer.status, answer.body.code]).toEqual([403, 'ORIGIN_NOT_ALLOWED'])
  })

  test('that also has a key is one with a cookie', async () => {
    const answer = await rename({ origin: 'https://evil.example' }, { cookie: user.cookie, key })
    expect(answer.body.code).toBe('ORIGIN_NOT_ALLOWED')
  })
})

test.each([
  ['a key', () => ({ 'x-api-key': key }), 200],
  ['a bearer token', () => ({ authorization: 'Bearer none' }), 401],
])(
  'a write with %s alone may come from anywhere: no browser sends it by itself',
  async (_, headers, status) => {
    for (const origin of ['https://evil.example', 'null']) {
      const answer = await rename({ ...headers(), origin, 'sec-fetch-site': 'cross-site' }, {})
      expect(answer.status).toBe(status)
    }
  },
)

test('reading is for every origin to ask, and for trusted ones to read', async () => {
  const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  const answer = await server.call('GET', '/api/user/me', { cookie: user.cookie, headers })
  expect(answer.status).toBe(200)
  expect([...answer.headers.keys()].filter(name => name.startsWith('access-control'))).toEqual([])
})

const writes = listEndpoints()
  .filter(({ endpoint }) => endpoint.method !== 'GET')
  .map(({ endpoint }) => [endpoint.method, endpoint.path, endpoint.dialect ?? 'native'] as const)

describe.each(writes)('%s %s', (method, path, dialect) => {
  const place = () => path.replace(':organizationId', user.organizationId).replace(':resource', 'posts')
  const url = () => server.url + place().replace(/:\w+/g, '1')
  const send = (headers: Record<string, string>, body?: string) =>
    fetch(url(), {
      method,
      headers: { cookie: user.cookie, ...headers },
      ...(body !== undefined && { body }),
    })
  const codeOf = async (response: Response) =>
    response.headers.get('x-error-code') ?? ((await response.json()) as { code: string }).code

  test('refuses a foreign page before all else', async () => {
    expect(await codeOf(await send({ origin: 'https://evil.example' }))).toBe('ORIGIN_NOT_ALLOWED')
  })

  // A cookie is no credential of the other two.
  if (dialect === 'snipy' || dialect === 'snaptrack') return

  test('refuses what a form could send', async () => {
    const kinds = ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=a']
    for (const contentType of kinds) {
      const response = await send({ 'content-type': contentType }, '{"a":1}')
      expect([response.status, await codeOf(response)]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE'])
    }
  })
})

describe('a page of a trusted origin', () => {
  test('may read answers, errors too, and their limits', async () => {
    for (const path of ['/api/user/me', '/api/nothing']) {
      const { headers } = await server.call('GET', path, {
        cookie: user.cookie,
        headers: { origin: TRUSTED },
      })
      expect(headers.get('access-control-allow-origin')).toBe(TRUSTED)
      expect(headers.get('access-control-allow-credentials')).toBe('true')
      expect(headers.get('access-control-expose-headers')).toBe(
        'RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Error-Code, Retry-After, X-Request-Id, Idempotent-Replayed',
      )
    }
  })

  test('is told by a preflight what it may send', async () => {
    const headers = {
      origin: TRUSTED,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'content-type',
    }
    const answer = await server.call('OPTIONS', '/api/user/me', { headers })
    expect([answer.status, answer.body]).toEqual([204, ''])
    expect(answer.headers.get('access-control-allow-origin')).toBe(TRUSTED)
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true')
    expect(answer.headers.get('access-control-allow-methods')).toBe('GET, PUT, DELETE, HEAD, OPTIONS')
    expect(answer.headers.get('access-control-allow-headers')).toContain('Content-Type')
    expect(answer.headers.get('access-control-max-age')).toBe('600')
  })
})

test.each(['https://evil.example', 'null', `${TRUSTED}.evil.example`, '*'])(
  'a page of %s is told nothing by a preflight',
  async origin => {
    const headers = { origin, 'access-control-request-method': 'PUT' }
    const answer = await server.call('OPTIONS', '/api/user/me', { headers })
    expect(answer.status).toBe(204)
    expect([...answer.headers.keys()].filter(name => name.startsWith('access-control'))).toEqual([])
  },
)

test('every answer says that it depends on the origin, so that no cache mixes them up', async () => {
  for (const headers of [{}, { origin: TRUSTED }, { origin: 'https://evil.example' }] as Record<
    string,
    string
  >[]) {
    for (const [method, path] of [
      ['GET', '/health'],
      ['OPTIONS', '/api/user/me'],
      ['GET', '/nothing'],
    ] as const)
      expect((await server.call(method, path, { headers })).headers.get('vary')).toBe('Origin')
  }
})
