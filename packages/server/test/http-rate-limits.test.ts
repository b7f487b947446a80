import { describe, expect, onTestFinished, test } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../src/config/settings'
import { startTestServer, type TestAnswer } from '../src/testing/start-test-server'

const MESSAGE = 'Too many requests from this IP, please try again later.'

/** A server whose clock stands still, so that what is left of a window is exact. */
const start = async (
  rateLimits: Partial<typeof DEFAULT_RATE_LIMITS> = {},
  keyRateLimit = { max: 200, windowMs: 60_000 },
) => {
  let now = 1_800_000_000_000
  const server = await startTestServer({
    rateLimits: { ...DEFAULT_RATE_LIMITS, ...rateLimits },
    keyRateLimit,
    trustedProxies: ['127.0.0.1'],
    clock: () => now,
  })
  onTestFinished(() => server.stop())
  return {
    ...server,
    advance: (ms: number) => {
      now += ms
    },
    /** The same as from another machine, behind a proxy. */
    callFrom: (address: string, method: string, path: string, body?: unknown) =>
      server.call(method, path, {
        headers: { 'x-forwarded-for': address, 'x-forwarded-proto': 'https' },
        ...(body !== undefined && { body }),
      }),
  }
}

const limitOf = ({ headers }: TestAnswer) =>
  ['limit', 'remaining', 'reset'].map(name => Number(headers.get(`ratelimit-${name}`)))

const refusal = (message: string) => ({
  success: false,
  status: 429,
  code: 'RATE_LIMIT_ERROR',
  message,
  meta: { message },
})

const signIn = { email: 'nobody@example.com', password: 'wrong password' }

test('every answer says how much is left, whatever its status; Retry-After is for the refused alone', async () => {
  const { call, signUp, advance } = await start()
  const { cookie } = await signUp()
  advance(300_500)
  const answers = [
    await call('GET', '/api/openapi.json'),
    await call('GET', '/api/user/me', { cookie }),
    await call('GET', '/api/user/organizations?limit=101', { cookie }),
    await call('GET', '/api/user/me'),
    await call('GET', '/api/user/organizations/none', { cookie }),
    await call('GET', '/nothing'),
    await call('PATCH', '/api/user/me'),
    await call('PUT', '/api/user/me', { cookie, body: '{}', headers: { 'content-type': 'text/plain' } }),
    await call('OPTIONS', '/api/user/me'),
    await call('HEAD', '/api/user/me'),
    await call('GET', '/health'),
  ]
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 400, 401, 403, 404, 405, 415, 204, 401, 200])
  // Signing up took three requests before.
  expect(answers.map(limitOf)).toEqual(
    [496, 495, 494, 493, 492, 491, 490, 489, 488, 487, 487].map(remaining => [500, remaining, 600]),
  )
  for (const { headers } of answers) expect(headers.has('retry-after')).toBe(false)
})

test('an address has 500 requests in 15 minutes, unknown paths and refusals among them, but probes go on', async () => {
  const { call, advance } = await start({ global: { max: 3, windowMs: 900_000 } })
  const paths = ['/nothing', '/api/user/me', '/api/user/me?x=%00']
  for (const path of paths) expect((await call('GET', path)).status).toBeLessThan(429)
  advance(1_000)
  for (const path of ['/nothing', '/api/user/me', '/api/auth/sign-in/email']) {
    const answer = await call('GET', path)
    expect([answer.status, answer.body]).toEqual([429, refusal(MESSAGE)])
    expect(limitOf(answer)).toEqual([3, 0, 899])
    expect(answer.headers.get('retry-after')).toBe('899')
  }
  expect((await call('OPTIONS', '/api/user/me')).status).toBe(429)
  for (const path of ['/health', '/ready', '/health']) {
    const probe = await call('GET', path)
    expect([probe.status, ...limitOf(probe)]).toEqual([200, 3, 0, 899])
  }
  advance(899_000)
  expect(limitOf(await call('GET', '/nothing'))).toEqual([3, 2, 900])
  expect(DEFAULT_RATE_LIMITS.global).toEqual({ max: 500, windowMs: 15 * 60_000 })
})

describe.each([
  ['sign-in', '/api/auth/sign-in/email', 5, signIn],
  ['sign-up', '/api/auth/sign-up/email', 3, { ...signIn, password: 'short', name: 'A' }],
] as const)('%s', (_, path, max, body) => {
  test(`may be tried ${max} times in a minute by one address`, async () => {
    const { call, callFrom, advance } = await start()
    for (let left = max - 1; left >= 0; left--) {
      const answer = await call('POST', path, { body: { ...body, email: `user${left}@example.com` } })
      expect([401, 400]).toContain(answer.status)
      expect(limitOf(answer)).toEqual([max, left, 60])
    }
    advance(500)
    const refused = await call('POST', path, { body })
    expect([refused.status, refused.body]).toEqual([429, refusal(MESSAGE)])
    expect([refused.headers.get('retry-after'), ...limitOf(refused)]).toEqual(['60', max, 0, 60])
    expect((await call('POST', `${path}/`, { body: '{' })).status).toBe(429)
    expect((await callFrom('203.0.113.7', 'POST', path, body)).status).toBeLessThan(429)
    expect((await call('GET', '/api/user/me')).status).toBe(401)
    advance(59_499)
    expect((await call('POST', path, { body })).status).toBe(429)
    advance(1)
    expect(limitOf(await call('POST', path, { body }))).toEqual([max, max - 1, 60])
  })
})

test('the limits of sign-in and sign-up do not share a window', async () => {
  const { call } = await start({ signIn: { max: 1, windowMs: 60_000 }, signUp: { max: 1, windowMs: 60_000 } })
  expect((await call('POST', '/api/auth/sign-in/email', { body: signIn })).status).toBe(401)
  expect((await call('POST', '/api/auth/sign-up/email', { body: {} })).status).toBe(400)
})

describe.each([
  [
    'second factors',
    5,
    60,
    ['two-factor/verify-totp', 'two-factor/verify-backup-code', 'two-factor/send-otp'],
  ],
  ['passkeys', 10, 60, ['passkey/verify-authentication', 'passkey/generate-authenticate-options']],
  ['magic links', 5, 3600, ['sign-in/magic-link', 'magic-link/verify']],
] as const)('%s', (_, max, windowSeconds, paths) => {
  test(`may be tried ${max} times in ${windowSeconds} s by one address, whichever the route`, async () => {
    const { call, callFrom, advance } = await start()
    const ask = (n: number) => call('POST', `/api/auth/${paths[n % paths.length]}`, { body: {} })
    for (let n = 0; n < max; n++) expect(limitOf(await ask(n))).toEqual([max, max - n - 1, windowSeconds])
    for (let n = 0; n < paths.length; n++) {
      const refused = await ask(n)
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, String(windowSeconds)])
    }
    expect((await callFrom('203.0.113.7', 'POST', `/api/auth/${paths[0]}`, {})).status).toBeLessThan(429)
    advance(windowSeconds * 1000)
    expect((await ask(0)).status).toBeLessThan(429)
  })
})

test('resets of a password are limited by address and e-mail address, apart from other mails', async () => {
  const { call } = await start()
  const body = { email: 'ada@example.com' }
  for (let left = 4; left >= 0; left--) {
    const answer = await call('POST', '/api/auth/request-password-reset', { body })
    expect([answer.status, ...limitOf(answer)]).toEqual([200, 5, left, 3600])
  }
  expect((await call('POST', '/api/auth/request-password-reset', { body })).status).toBe(429)
  expect((await call('POST', '/api/auth/send-verification-email', { body })).status).toBe(200)
})

test('verification mails are limited by address and e-mail address, however it is written', async () => {
  const { call, callFrom, advance } = await start()
  const path = '/api/auth/send-verification-email'
  const send = (email: string) => call('POST', path, { body: { email } })
  const spellings = [
    'ada@example.com',
    'ADA@example.com',
    ' ada@example.com ',
    'Ada@Example.com',
    'ada@example.com',
  ]
  for (const [index, email] of spellings.entries()) {
    const answer = await send(email)
    expect([answer.status, ...limitOf(answer)]).toEqual([200, 5, 4 - index, 3600])
  }
  const refused = await send('aDa@example.com')
  expect([refused.status, refused.body]).toEqual([429, refusal(MESSAGE)])
  expect((await send('eve@example.com')).status).toBe(200)
  expect((await callFrom('203.0.113.7', 'POST', path, { email: 'ada@example.com' })).status).toBe(200)
  advance(3_600_000)
  expect((await send('ada@example.com')).status).toBe(200)
})

test('a client behind a proxy has a window of its own, which no header that it makes up can renew', async () => {
  const { callFrom } = await start({ global: { max: 2, windowMs: 60_000 } })
  const statusFrom = async (address: string) => (await callFrom(address, 'GET', '/api/user/me')).status
  expect(await statusFrom('203.0.113.7')).toBe(401)
  expect(await statusFrom('1.1.1.1, 203.0.113.7')).toBe(401)
  expect(await statusFrom('2.2.2.2, 203.0.113.7')).toBe(429)
  expect(await statusFrom('::ffff:203.0.113.7')).toBe(429)
  expect(await statusFrom('203.0.113.8')).toBe(401)
  expect(await statusFrom('2001:db8::1')).toBe(401)
  expect(await statusFrom('2001:db8::2')).toBe(401)
  expect(await statusFrom('2001:db8:0:0:3::')).toBe(429)
})

describe('a key', () => {
  test('has 200 requests in a minute unless it says otherwise', async () => {
    const { call, signUp, createKey } = await start()
    const { key } = await createKey(await signUp())
    expect(limitOf(await call('GET', '/api/user/me', { key }))).toEqual([200, 199, 60])
  })

  test('has a window of its own: neither another key nor a session feels it', async () => {
    const { call, signUp, createKey, advance } = await start({}, { max: 2, windowMs: 60_000 })
    const user = await signUp()
    const [first, second] = [await createKey(user), await createKey(user)]
    const me = (key: string) => call('GET', '/api/user/me', { key })
    expect(limitOf(await me(first.key))).toEqual([2, 1, 60])
    expect(limitOf(await me(first.key))).toEqual([2, 0, 60])
    const refused = await me(first.key)
    const message = 'This API key may make 2 requests in its window; try again later'
    expect([refused.status, refused.body, refused.headers.get('retry-after')]).toEqual([
      429,
      refusal(message),
      '60',
    ])
    expect((await me(second.key)).status).toBe(200)
    expect((await call('GET', '/api/user/me', { cookie: user.cookie, key: first.key })).status).toBe(200)
    advance(60_000)
    expect((await me(first.key)).status).toBe(200)
  })

  test('is counted where its request is refused later on, and exactly under a rush', async () => {
    const { call, signUp, createKey } = await start()
    const user = await signUp()
    const { key } = await createKey(user, { rateLimitMax: 10 })
    const paths = ['/api/user/organizations?limit=101', '/api/user/organizations/none', '/api/user/me']
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => call('GET', paths[index % 3] ?? '', { key })),
    )
    const counts = [200, 400, 403, 429].map(code => answers.filter(({ status }) => status === code).length)
    expect(counts.reduce((sum, count) => sum + count)).toBe(30)
    expect(counts[3]).toBe(20)
  })
})
