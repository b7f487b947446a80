import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addKey } from '../../testing/fake-key-routes'
import { PASSWORD } from '../../testing/fake-snoop'
import { signedInWorld, type World } from '../../testing/run-command'

const KEY_SLOT = 'snoop/default@http://127.0.0.1:4000#key'
const NEXT_SLOT = 'snoop/default@http://127.0.0.1:4000#next-key'
const LOGIN = ['login', '--email', 'ada@example.com', '--password-stdin']

const worldWithKey = async (scopes = 'all'): Promise<World> => {
  const world = await signedInWorld()
  await world.run(['keys', 'create', '--name', 'laptop', '--scopes', scopes, '--use'])
  return world
}

const isRotation = (request: { url: URL }): boolean => request.url.pathname.endsWith('/rotate')

/** What must hold in the end: one live key, and it is the one in the store. */
const expectOneKeyInPlace = (world: World): void => {
  const live = world.server.state.keys.filter(key => !key.revoked)
  expect(live.length).toBe(1)
  expect(world.keychain.items.get(KEY_SLOT)).toBe(live[0]?.secret)
  expect(world.keychain.items.has(NEXT_SLOT)).toBe(false)
}

test('the key in use gets a new secret that is stored and not shown; the old one is revoked', async () => {
  const world = await worldWithKey()
  const before = world.keychain.items.get(KEY_SLOT)
  const { code, stdout, stderr } = await world.run(['keys', 'rotate'])
  const after = world.keychain.items.get(KEY_SLOT) ?? ''
  expect(code).toBe(0)
  expect(after).not.toBe(before)
  expect(stdout + stderr).not.toContain(after)
  expectOneKeyInPlace(world)
  expect((await world.run(['whoami'])).code).toBe(0)
  expect(await readFile(join(world.stateDirectory, 'rotations.json'), 'utf8')).toBe('{}\n')
})

test('the old key is revoked only after the new one was stored and used', async () => {
  const world = await worldWithKey()
  const steps: string[] = []
  world.server.interfere = ({ url, headers }) => {
    const stored = world.keychain.items.get(NEXT_SLOT) ?? world.keychain.items.get(KEY_SLOT)
    steps.push(`${url.pathname} ${headers['x-api-key'] === stored ? 'with the new key' : 'with the session'}`)
    return undefined
  }
  await world.run(['keys', 'rotate'])
  expect(steps).toEqual([
    '/api/auth/api-key/rotate with the session',
    '/api/user/me with the new key',
    '/api/auth/api-key/delete with the session',
  ])
})

test('with --grace the old key lives on for that long', async () => {
  const world = await worldWithKey()
  const { stderr } = await world.run(['keys', 'rotate', '--grace', '10m', '--expires', '30d'])
  const [old, next] = world.server.state.keys
  expect(old?.revoked).toBe(false)
  expect(old?.expiresAt).toBe('2090-06-01T12:10:00.000Z')
  expect(next?.expiresAt).toBe('2090-07-01T12:00:00.000Z')
  expect(stderr).toContain('ends by itself when its grace is over')
})

test('a key that may not revoke keys rotates itself; the old one ends by itself', async () => {
  const world = await worldWithKey('user:read,api-keys:write')
  await world.run(['logout', '--keep-key'])
  const { code, stdout } = await world.run(['keys', 'rotate', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ outcome: 'rotated', former: 'ends_later' })
  expect(world.server.state.keys[0]?.expiresAt).toBe('2090-06-01T13:00:00.000Z')
})

test('a lost answer is asked for again, and the key that it was about is the one that is stored', async () => {
  const world = await worldWithKey()
  world.server.interfere = request => (isRotation(request) ? 'answer_lost' : undefined)
  const lost = await world.run(['keys', 'rotate'])
  expect(lost.code).toBe(9)
  expect(lost.stderr).toContain('Go on where it stopped:  snoop keys rotate ak_')
  expect((await world.run(['whoami'])).code).toBe(0)

  world.server.interfere = () => undefined
  const { code, stderr } = await world.run(['keys', 'rotate'])
  expect(code).toBe(0)
  expect(stderr).toContain('Finished the rotation that was interrupted.')
  expect(world.server.state.keys.length).toBe(2)
  expectOneKeyInPlace(world)
})

test('a key alone, without a session, finds its way back from a lost answer too', async () => {
  const world = await worldWithKey()
  await world.run(['logout', '--keep-key'])
  world.server.interfere = request => (isRotation(request) ? 'answer_lost' : undefined)
  await world.run(['keys', 'rotate'])
  world.server.interfere = () => undefined
  expect((await world.run(['keys', 'rotate'])).code).toBe(0)
  expectOneKeyInPlace(world)
})

test('if the old key ended before the rotation was gone on with, a sign-in finishes it', async () => {
  const world = await worldWithKey()
  await world.run(['logout', '--keep-key'])
  world.server.interfere = request => (isRotation(request) ? 'answer_lost' : undefined)
  await world.run(['keys', 'rotate'])
  world.server.interfere = () => undefined
  world.nowMs += 2 * 3600 * 1000
  const stuck = await world.run(['keys', 'rotate'])
  expect(stuck.code).toBe(4)
  expect(stuck.stderr).toContain('snoop login && snoop keys rotate')
  await world.run(LOGIN, { stdin: PASSWORD })
  expect((await world.run(['keys', 'rotate'])).code).toBe(0)
  expect(world.keychain.items.get(KEY_SLOT)).toBe(world.server.state.keys[1]?.secret)
})

test('a command that meets the dead key of an interrupted rotation says how to go on', async () => {
  const world = await worldWithKey()
  world.server.interfere = request => (isRotation(request) ? 'answer_lost' : undefined)
  await world.run(['keys', 'rotate'])
  world.server.interfere = () => undefined
  world.nowMs += 2 * 3600 * 1000
  const { code, stderr } = await world.run(['projects', 'list'])
  expect(code).toBe(4)
  expect(stderr).toContain('snoop keys rotate')
})

test('nothing is left to go on with when the request never left the machine', async () => {
  const world = await worldWithKey()
  world.server.interfere = () => 'refused'
  expect((await world.run(['keys', 'rotate'])).code).toBe(9)
  world.server.interfere = () => undefined
  const { stderr } = await world.run(['keys', 'rotate', '--grace', '5m'])
  expect(stderr).not.toContain('interrupted')
  expect(world.server.state.keys[0]?.expiresAt).toBe('2090-06-01T12:05:00.000Z')
})

test('a refusal leaves everything as it was', async () => {
  const world = await worldWithKey('user:read')
  await world.run(['logout', '--keep-key'])
  const before = world.keychain.items.get(KEY_SLOT)
  const { code, stderr } = await world.run(['keys', 'rotate'])
  expect(code).toBe(5)
  expect(stderr).toContain('api-keys:write')
  expect(world.keychain.items.get(KEY_SLOT)).toBe(before)
})

test('a key that somebody else rotated is told of, with its successor', async () => {
  const world = await worldWithKey()
  const old = world.server.state.keys[0]
  const successor = addKey(world.server.state, { name: 'laptop' })
  if (old) old.rotatedTo = successor.id
  const { code, stderr } = await world.run(['keys', 'rotate'])
  expect(code).toBe(6)
  expect(stderr).toContain(`snoop keys revoke ${successor.id}`)
})

test('an unreachable server after the new key was stored: the old one stays in use, the next run finishes', async () => {
  const world = await worldWithKey()
  const before = world.keychain.items.get(KEY_SLOT)
  world.server.interfere = request => (request.url.pathname === '/api/user/me' ? 'request_lost' : undefined)
  expect((await world.run(['keys', 'rotate'])).code).toBe(9)
  expect(world.keychain.items.get(KEY_SLOT)).toBe(before)
  world.server.interfere = () => undefined
  await world.run(['keys', 'rotate'])
  expectOneKeyInPlace(world)
})

test('a new key that the server does not take is dropped; the old one stays in use', async () => {
  const world = await worldWithKey()
  const before = world.keychain.items.get(KEY_SLOT)
  world.server.interfere = ({ url }) =>
    url.pathname === '/api/user/me'
      ? { status: 401, body: { success: false, status: 401, code: 'INVALID_API_KEY', message: 'No' } }
      : undefined
  const { code, stderr } = await world.run(['keys', 'rotate'])
  expect(code).toBe(1)
  expect(stderr).toContain('The old one is still in use.')
  expect(world.keychain.items.get(KEY_SLOT)).toBe(before)
  expect(world.keychain.items.has(NEXT_SLOT)).toBe(false)
})

test('of many at once one rotates, and the others see that it is done', async () => {
  const world = await worldWithKey()
  const runs = await Promise.all(Array.from({ length: 8 }, () => world.run(['keys', 'rotate', '--json'])))
  expect(runs.map(run => run.code)).toEqual(Array(8).fill(0))
  const outcomes = runs.map(run => JSON.parse(run.stdout).outcome).sort()
  expect(outcomes).toEqual([...Array(7).fill('elsewhere'), 'rotated'])
  expectOneKeyInPlace(world)
})

test('the secret of another key is printed once, and its life is told', async () => {
  const world = await signedInWorld()
  const other = addKey(world.server.state, { name: 'ci' })
  const { code, stdout, stderr } = await world.run(['keys', 'rotate', 'ci'])
  expect(code).toBe(0)
  expect(stdout).toBe(`${world.server.state.keys[1]?.secret}\n`)
  expect(stderr).toContain('It is shown this once.')
  expect(world.server.state.keys.find(key => key.id === other.id)?.rotatedTo).toBe(
    world.server.state.keys[1]?.id,
  )
})

test('a lost answer about another key is asked for again as well', async () => {
  const world = await signedInWorld()
  addKey(world.server.state, { name: 'ci' })
  world.server.interfere = request => (isRotation(request) ? 'answer_lost' : undefined)
  const lost = await world.run(['keys', 'rotate', 'ci', '--grace', '1h'])
  expect(lost.code).toBe(9)
  world.server.interfere = () => undefined
  const { code, stdout } = await world.run(['keys', 'rotate', world.server.state.keys[0]?.id ?? ''])
  expect(code).toBe(0)
  expect(stdout).toBe(`${world.server.state.keys[1]?.secret}\n`)
  expect(world.server.state.keys.length).toBe(2)
})

test('a key from the environment is rotated by name alone, and lives on for a while by default', async () => {
  const world = await signedInWorld()
  const own = addKey(world.server.state, { name: 'ci', scopes: ['api-keys:read', 'api-keys:write'] })
  const env = { SNOOP_API_KEY: own.secret }
  const unnamed = await world.run(['keys', 'rotate'], { env })
  expect(unnamed.code).toBe(2)
  const { code } = await world.run(['keys', 'rotate', 'ci'], { env })
  expect(code).toBe(0)
  expect(own.expiresAt).toBe('2090-06-01T12:10:00.000Z')
})

test('without a key in use there is nothing to rotate', async () => {
  const world = await signedInWorld()
  expect((await world.run(['keys', 'rotate'])).code).toBe(3)
})
