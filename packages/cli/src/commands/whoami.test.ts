import { expect, test } from 'vitest'
import { addKey } from '../testing/fake-key-routes'
import { createWorld, signedInWorld } from '../testing/run-command'

test('says who it is: in words, as an address for a pipe, whole as JSON', async () => {
  const world = await signedInWorld()
  expect((await world.run(['whoami'], { tty: true })).stdout).toBe('Ada (ada@example.com)\n')
  expect((await world.run(['whoami'])).stdout).toBe('ada@example.com\n')
  expect(JSON.parse((await world.run(['whoami', '--json'])).stdout)).toMatchObject({
    email: 'ada@example.com',
  })
})

test('signed out, it exits 4 and sends nothing', async () => {
  const world = await createWorld()
  const { code, stderr } = await world.run(['whoami', '--json'])
  expect(code).toBe(4)
  expect(JSON.parse(stderr).error).toMatchObject({ code: 'credential.signed_out', exit: 4, status: null })
  expect(world.server.requests).toEqual([])
})

test('a key from the environment counts before all else, and the keychain stays shut', async () => {
  const world = await signedInWorld()
  const key = addKey(world.server.state, {})
  const before = world.keychain.opened
  const { code } = await world.run(['whoami'], { env: { SNOOP_API_KEY: key.secret } })
  expect(code).toBe(0)
  expect(world.server.requests.at(-1)?.headers['x-api-key']).toBe(key.secret)
  expect(world.server.requests.at(-1)?.headers.cookie).toBeUndefined()
  expect(world.keychain.opened).toBe(before)
})

test('a key that lacks the scope gives way to the session', async () => {
  const world = await signedInWorld()
  await world.run(['keys', 'create', '--name', 'narrow', '--scopes', 'projects:read', '--use'])
  expect((await world.run(['whoami'])).code).toBe(0)
  expect(world.server.requests.at(-1)?.headers.cookie).toBeDefined()
})

test('a name cannot steer the terminal', async () => {
  const world = await signedInWorld()
  world.server.state.user.fullName = 'Ada\u001b[2J\u001b]0;owned\u0007\u202egnp'
  const { stdout } = await world.run(['whoami'], { tty: true })
  expect(stdout).toBe('Adagnp (ada@example.com)\n')
})

test('--verbose names the request, and no secret', async () => {
  const world = await signedInWorld()
  const { stderr } = await world.run(['whoami', '--verbose'])
  expect(stderr).toBe('GET /api/user/me 200 0 ms req_1\n')
})

test('a session that the server renews is kept', async () => {
  const world = await signedInWorld()
  world.server.state.sessions.set('renewed-secret', { id: '01S', authenticatedAtMs: world.nowMs })
  world.server.interfere = request =>
    request.url.pathname === '/api/user/me' && request.headers.cookie?.includes('session-secret')
      ? {
          status: 200,
          body: { success: true, status: 200, code: 'OK', message: 'OK', data: { email: 'ada@example.com' } },
          setCookie: ['snoop_session=renewed-secret; Path=/; Expires=Sat, 01 Jul 2090 12:00:00 GMT'],
        }
      : undefined
  await world.run(['whoami'])
  world.server.state.sessions.delete([...world.server.state.sessions.keys()][0] ?? '')
  world.nowMs = Date.parse('2090-06-20T00:00:00.000Z')
  expect((await world.run(['whoami'])).code).toBe(0)
  expect(world.server.requests.at(-1)?.headers.cookie).toBe('snoop_session=renewed-secret')
})
