import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer, type TestUser } from '../src/testing/start-test-server'

let server: TestServer
let user: TestUser
let other: TestUser
let key: string
let otherKey: string
beforeAll(async () => {
  server = await startTestServer()
  user = await server.signUp()
  other = await server.signUp()
  key = (await server.createKey(user)).key
  otherKey = (await server.createKey(other)).key
})
afterAll(() => server.stop())

type SentHeaders = Record<string, string | string[]>

/** Who `/me` answers for, or the code of the refusal. Node's own client, as it sends a header twice if asked to. */
const whoIs = (headers: SentHeaders, path = '/api/user/me') =>
  new Promise<string>((resolve, reject) => {
    request(server.url + path, { headers, agent: false }, response => {
      let text = ''
      response.on('data', chunk => {
        text += chunk
      })
      response.on('end', () => {
        const body = JSON.parse(text)
        resolve(body.success ? body.data.id : `${body.status} ${body.code}`)
      })
    })
      .on('error', reject)
      .end()
  })

const BAD = '401 INVALID_OR_EXPIRED_TOKEN'
const EMPTY = '401 NO_TOKEN_PROVIDED'
const BAD_KEY = '401 INVALID_API_KEY'
const BAD_COOKIE = `snoop_session=${'A'.repeat(43)}`

describe('one credential', () => {
  test.each<[string, () => SentHeaders, string]>([
    ['none', () => ({}), '401 AUTHENTICATION_REQUIRED'],
    [
      'a cookie of something else',
      () => ({ cookie: 'theme=dark; xsnoop_session=a; snoop_sessionx=b; snoop_session' }),
      '401 AUTHENTICATION_REQUIRED',
    ],
    [
      'the cookie that only HTTPS has',
      () => ({ cookie: user.cookie.replace('snoop', '__Host-snoop') }),
      '401 AUTHENTICATION_REQUIRED',
    ],
    ['an unknown session', () => ({ cookie: BAD_COOKIE }), BAD],
    ['an empty session', () => ({ cookie: 'snoop_session=' }), BAD],
    ['a session of another length', () => ({ cookie: `${user.cookie}A` }), BAD],
    ['a quoted session', () => ({ cookie: user.cookie.replace(/=(.*)/, '="$1"') }), BAD],
    [
      'a session in capitals',
      () => ({ cookie: user.cookie.toUpperCase().replace('SNOOP_SESSION', 'snoop_session') }),
      BAD,
    ],
    ['an unknown key', () => ({ 'x-api-key': `ba_${'A'.repeat(46)}` }), BAD_KEY],
    ['an empty key', () => ({ 'x-api-key': '' }), BAD_KEY],
    ['a key in quotes', () => ({ 'x-api-key': `"${key}"` }), BAD_KEY],
    ['a session as a key', () => ({ 'x-api-key': user.cookie.slice('snoop_session='.length) }), BAD_KEY],
    ['two keys', () => ({ 'x-api-key': [key, otherKey] }), BAD_KEY],
    ['the same key twice', () => ({ 'x-api-key': [key, key] }), BAD_KEY],
    ['an empty Authorization', () => ({ authorization: '' }), EMPTY],
    ['a blank Authorization', () => ({ authorization: '  \t ' }), EMPTY],
    ['Bearer and no token', () => ({ authorization: 'Bearer' }), EMPTY],
    ['bearer and blanks', () => ({ authorization: 'bearer   ' }), EMPTY],
    ['an unknown token', () => ({ authorization: 'Bearer abc' }), BAD],
    ['a key as a token', () => ({ authorization: `Bearer ${key}` }), BAD],
    [
      'a session as a token',
      () => ({ authorization: `Bearer ${user.cookie.slice('snoop_session='.length)}` }),
      BAD,
    ],
    ['a key without a scheme', () => ({ authorization: key }), BAD],
    [
      'a name and password',
      () => ({ authorization: `Basic ${btoa(`${user.email}:${user.password}`)}` }),
      BAD,
    ],
    ['another scheme', () => ({ authorization: 'Digest username="a"' }), BAD],
  ])('%s: refused', async (_, headers, expected) => {
    expect(await whoIs(headers())).toBe(expected)
  })

  test('a key of a surface: refused by the native API, whatever its owner may', async () => {
    for (const format of ['snpy', 'snt', 'sna']) {
      const surface = await server.createKey(user, { format, scopes: [] })
      for (const path of ['/api/user/me', '/api/user/organizations', '/api/auth/api-key/list'])
        expect(await whoIs({ 'x-api-key': surface.key }, path)).toBe(BAD_KEY)
      expect(await whoIs({ authorization: `Bearer ${surface.key}` })).toBe(BAD)
      const made = await server.call('POST', '/api/auth/api-key/create', {
        key: surface.key,
        body: { name: 'x' },
      })
      expect([made.status, made.body.code]).toEqual([401, 'INVALID_API_KEY'])
    }
    expect(await whoIs({ 'x-api-key': key })).toBe(user.id)
  })

  test('a session or a key: let in', async () => {
    expect(await whoIs({ cookie: user.cookie })).toBe(user.id)
    expect(await whoIs({ cookie: `theme=dark;${user.cookie} ; a=b` })).toBe(user.id)
    expect(await whoIs({ 'x-api-key': key })).toBe(user.id)
    expect(await whoIs({ 'x-api-key': ` ${key}\t` })).toBe(user.id)
  })
})

describe('of several credentials the highest counts, and a bad one never makes way', () => {
  test.each<[string, () => SentHeaders, () => string]>([
    ['cookie over key', () => ({ cookie: user.cookie, 'x-api-key': otherKey }), () => user.id],
    ['cookie over a bad key', () => ({ cookie: user.cookie, 'x-api-key': 'bad' }), () => user.id],
    ['cookie over a bad token', () => ({ cookie: user.cookie, authorization: 'Bearer bad' }), () => user.id],
    ['cookie over an empty Authorization', () => ({ cookie: user.cookie, authorization: '' }), () => user.id],
    ['a bad cookie over a key', () => ({ cookie: BAD_COOKIE, 'x-api-key': key }), () => BAD],
    ['an empty cookie over a key', () => ({ cookie: 'snoop_session=', 'x-api-key': key }), () => BAD],
    ['key over a bad token', () => ({ 'x-api-key': key, authorization: 'Bearer bad' }), () => user.id],
    ['a bad key over a token', () => ({ 'x-api-key': 'bad', authorization: `Bearer ${key}` }), () => BAD_KEY],
    ['an empty key over an empty token', () => ({ 'x-api-key': '', authorization: '' }), () => BAD_KEY],
    ['the first of two cookies', () => ({ cookie: `${user.cookie}; ${other.cookie}` }), () => user.id],
    ['a bad first of two cookies', () => ({ cookie: [BAD_COOKIE, user.cookie] }), () => BAD],
  ])('%s', async (_, headers, expected) => {
    expect(await whoIs(headers())).toBe(expected())
  })
})

test('where anybody may come, no credential is looked at: a stale one keeps nobody out', async () => {
  const stale = { cookie: BAD_COOKIE, 'x-api-key': 'bad', authorization: 'Basic bad' }
  for (const path of ['/health', '/ready', '/api/openapi.json']) {
    const response = await fetch(server.url + path, { headers: stale })
    expect(response.status).toBe(200)
  }
  const { email, password } = user
  const signIn = await server.call('POST', '/api/auth/sign-in/email', {
    body: { email, password },
    headers: stale,
  })
  expect(signIn.status).toBe(200)
})

test('signing in over a session that was planted before gives another one, and the planted one stays dead', async () => {
  const planted = `snoop_session=${'B'.repeat(43)}`
  const { email, password } = user
  const { cookie } = await server.call('POST', '/api/auth/sign-in/email', {
    cookie: planted,
    body: { email, password },
  })
  expect(cookie).toMatch(/^snoop_session=[\w-]{43}$/)
  expect(cookie).not.toBe(planted)
  expect(await whoIs({ cookie: planted })).toBe(BAD)
})

test('no credential reaches the log, not even a wrong one', async () => {
  const wrong = 'wrong-password-that-nobody-has'
  const { email } = user
  await server.call('POST', '/api/auth/sign-in/email', { body: { email, password: wrong } })
  await server.call('POST', '/api/auth/sign-in/email', { body: `{"email":"${email}","password":"${wrong}"` })
  await whoIs({ authorization: `Bearer ${wrong}` })
  await whoIs({ authorization: `Basic ${btoa(`a:${wrong}`)}` })
  await whoIs({ 'x-api-key': wrong })
  await whoIs({ cookie: `snoop_session=${wrong}` })
  await whoIs({}, `/api/auth/verify-email?token=${wrong}`)
  await whoIs({}, `/api/user/organizations/${wrong}`)
  await whoIs({ 'user-agent': wrong, 'x-request-id': `bad ${wrong}` })
  const log = server.log()
  expect(log).toContain('"route":"/api/auth/verify-email"')
  for (const secret of [wrong, btoa(`a:${wrong}`), key, otherKey, user.cookie.split('=')[1], user.password])
    expect(log).not.toContain(secret)
})
