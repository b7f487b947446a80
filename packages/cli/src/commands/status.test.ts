import { expect, test } from 'vitest'
import { addKey } from '../testing/fake-key-routes'
import type { Mishap } from '../testing/fake-snoop'
import { lockedKeychain } from '../testing/memory-store'
import { createWorld, signedInWorld } from '../testing/run-command'

test('a good credential is ok, and every value names its source', async () => {
  const world = await signedInWorld()
  const { code, stdout } = await world.run(['status', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    state: 'ok',
    user: 'ada@example.com',
    url: 'http://127.0.0.1:4000',
    urlSource: 'SNOOP_URL',
    profileSource: 'default',
    store: 'keychain',
    credentials: [{ kind: 'session', source: 'keychain', state: 'ok' }],
  })
})

test('signed out is neither rejected nor unverified', async () => {
  const { code, stdout } = await (await createWorld()).run(['status', '--json'])
  expect(code).toBe(4)
  expect(JSON.parse(stdout).state).toBe('signed_out')
})

test('only the word of the server makes a credential rejected', async () => {
  const world = await signedInWorld()
  world.server.state.sessions.clear()
  const { code, stdout } = await world.run(['status', '--json'])
  expect(code).toBe(4)
  expect(JSON.parse(stdout)).toMatchObject({ state: 'rejected', reason: 'INVALID_OR_EXPIRED_TOKEN' })
})

test('a refused key of the environment is not mended by signing in', async () => {
  const world = await signedInWorld()
  const { code, stderr } = await world.run(['status'], { env: { SNOOP_API_KEY: 'snt_of_a_surface' } })
  expect([code, stderr]).toEqual([4, expect.stringContaining('Check the key in SNOOP_API_KEY')])
  expect(stderr).not.toContain('snoop login')
})

test.each<[string, Mishap, object]>([
  ['offline', 'refused', { reason: 'offline' }],
  ['a broken connection', 'request_lost', { reason: 'offline' }],
  [
    'a rate limit',
    {
      status: 429,
      body: { success: false, status: 429, code: 'RATE_LIMIT_ERROR', message: 'Too many' },
      headers: { 'retry-after': '41' },
    },
    { reason: 'rate_limited', retryAfter: 41 },
  ],
  ['a proxy that is down', { status: 502, body: '<html>' }, { reason: 'server_fault' }],
  ['a page that is not ours', { status: 200, body: '<html>' }, { reason: 'offline' }],
])('%s leaves the credential unverified, with the reason', async (_, mishap, expected) => {
  const world = await signedInWorld()
  world.server.interfere = () => mishap
  const { code, stdout } = await world.run(['status', '--json'])
  expect(code).toBe(9)
  expect(JSON.parse(stdout)).toMatchObject({ state: 'unverified', user: 'ada@example.com', ...expected })
})

test('a locked keychain is told, not failed on', async () => {
  const world = await signedInWorld()
  world.keychain.failure = lockedKeychain()
  const { code, stdout } = await world.run(['status', '--json'])
  expect(code).toBe(11)
  expect(JSON.parse(stdout)).toMatchObject({ state: 'unverified', reason: 'keychain.locked' })
})

test('an item that vanished from the keychain is rejected as missing', async () => {
  const world = await signedInWorld()
  world.keychain.items.clear()
  const { stdout } = await world.run(['status', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ state: 'rejected', reason: 'missing_from_store' })
})

test('a key that may not read the account is good all the same', async () => {
  const world = await createWorld()
  const key = addKey(world.server.state, { scopes: ['projects:read'] })
  const { code, stdout } = await world.run(['status', '--json'], { env: { SNOOP_API_KEY: key.secret } })
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ state: 'ok', credentials: [{ source: 'SNOOP_API_KEY' }] })
})

test('a person sees the same as lines', async () => {
  const world = await signedInWorld()
  const { stdout } = await world.run(['status'], { tty: true })
  expect(stdout).toContain('server   http://127.0.0.1:4000 (SNOOP_URL)')
  expect(stdout).toContain('uses     session from keychain, expires in 7 days: ok')
})

test('a session that the server renews while it is asked about is kept', async () => {
  const world = await signedInWorld()
  world.server.state.sessions.set('renewed-secret', { id: '01S', authenticatedAtMs: world.nowMs })
  world.server.interfere = ({ url }) =>
    url.pathname === '/api/user/me'
      ? {
          status: 503,
          body: 'busy',
          setCookie: ['snoop_session=renewed-secret; Path=/; Expires=Sat, 01 Jul 2090 12:00:00 GMT'],
        }
      : undefined
  const { stdout } = await world.run(['status', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    state: 'unverified',
    credentials: [{ expiresAt: '2090-07-01T12:00:00.000Z' }],
  })
  world.server.interfere = () => undefined
  await world.run(['whoami'])
  expect(world.server.requests.at(-1)?.headers.cookie).toBe('snoop_session=renewed-secret')
})
