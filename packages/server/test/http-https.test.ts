import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate } from '../src/http/testing/self-signed'
import { startTestServer, type TestServer } from '../src/testing/start-test-server'

const HSTS = 'max-age=31536000; includeSubDomains'
const account = { email: 'ada@example.com', password: 'correct horse battery', name: 'Ada' }

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly code: string
}

/** The promises are the same whether the server speaks TLS itself or a proxy does. */
const suite = (
  call: (method: string, path: string, headers?: Record<string, string>, body?: unknown) => Promise<Answer>,
) => {
  let cookie: string
  beforeAll(async () => {
    await call('POST', '/api/auth/sign-up/email', {}, account)
  })

  test('the session cookie is bound to this host and to HTTPS', async () => {
    const signedIn = await call('POST', '/api/auth/sign-in/email', {}, account)
    expect(signedIn.headers['set-cookie']).toEqual([
      expect.stringMatching(
        /^__Host-snoop_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=604800$/,
      ),
      expect.stringMatching(
        /^__Host-snoop_device=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=31536000$/,
      ),
    ])
    cookie = signedIn.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    expect((await call('GET', '/api/user/me', { cookie })).status).toBe(200)
  })

  test('a cookie that a plain page or a subdomain can set is not looked at', async () => {
    const plain = cookie.replace('__Host-', '')
    expect((await call('GET', '/api/user/me', { cookie: plain })).code).toBe('AUTHENTICATION_REQUIRED')
    expect((await call('GET', '/api/user/me', { cookie: `snoop_session=planted; ${cookie}` })).status).toBe(
      200,
    )
  })

  test('a session that ends with the browser says no age, and one that is ended takes its cookie along', async () => {
    const { headers } = await call('POST', '/api/auth/sign-in/email', {}, { ...account, rememberMe: false })
    expect(headers['set-cookie']?.[0]).toMatch(/; Secure$/)
    const signedOut = await call('POST', '/api/auth/sign-out', { cookie })
    expect(signedOut.headers['set-cookie']).toEqual([
      '__Host-snoop_session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0',
    ])
    expect((await call('GET', '/api/user/me', { cookie })).code).toBe('INVALID_OR_EXPIRED_TOKEN')
  })

  test('every answer asks the browser to stay with HTTPS for a year', async () => {
    for (const [method, path] of [
      ['GET', '/health'],
      ['GET', '/nothing'],
      ['GET', '/api/user/me'],
      ['OPTIONS', '/health'],
    ])
      expect((await call(method ?? '', path ?? '')).headers['strict-transport-security']).toBe(HSTS)
  })
}

describe('a server with a certificate', () => {
  const tls = makeCertificate()
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer({ tls })
  })
  afterAll(async () => {
    await server.stop()
    tls.discard()
  })

  suite(
    (method, path, headers = {}, body = undefined) =>
      new Promise((resolve, reject) => {
        const all = { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) }
        const options = { method, headers: all, ca: tls.cert, agent: false } as const
        request(server.url + path, options, response => {
          let text = ''
          response.on('data', chunk => {
            text += chunk
          })
          const code = () => (text === '' ? '' : JSON.parse(text).code)
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, code: code() }),
          )
        })
          .on('error', reject)
          .end(body === undefined ? undefined : JSON.stringify(body))
      }),
  )

  test('is named by https in what it says of itself', () => {
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  })
})

describe('a server behind a proxy', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer({ trustedProxies: ['127.0.0.1'] })
  })
  afterAll(() => server.stop())

  const callBy = async (
    protocol: string,
    method: string,
    path: string,
    headers = {},
    body?: unknown,
  ): Promise<Answer> => {
    const forwarded = { ...headers, 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': protocol }
    const answer = await server.call(method, path, {
      headers: forwarded,
      ...(body !== undefined && { body }),
    })
    const cookies = answer.headers.getSetCookie()
    const sent = {
      ...Object.fromEntries(answer.headers),
      ...(cookies.length > 0 && { 'set-cookie': cookies }),
    }
    return { status: answer.status, headers: sent, code: answer.body.code }
  }

  suite((method, path, headers, body) => callBy('https', method, path, headers, body))

  test('refuses what reached the proxy by plain HTTP', async () => {
    for (const path of ['/api/user/me', '/health', '/nothing'])
      expect((await callBy('http', 'GET', path)).code).toBe('HTTPS_REQUIRED')
  })
})

test('a server that trusts no proxy believes no header: plain HTTP on this machine stays plain', async () => {
  const server = await startTestServer()
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' }
  const user = await server.signUp()
  const { email, password } = user
  const signedIn = await server.call('POST', '/api/auth/sign-in/email', {
    headers,
    body: { email, password },
  })
  expect(signedIn.headers.get('strict-transport-security')).toBeNull()
  expect(signedIn.headers.getSetCookie()[0]).toMatch(
    /^snoop_session=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=/,
  )
  const sessions = await server.call('GET', '/api/auth/list-sessions', { cookie: signedIn.cookie })
  for (const { ipAddress } of sessions.body.data) expect(ipAddress).toBe('127.0.0.1')
  await server.stop()
})
