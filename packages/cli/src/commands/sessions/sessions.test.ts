import { expect, test } from 'vitest'
import { signedInWorld, type World } from '../../testing/run-command'

const SESSION_SLOT = 'snoop/default@http://127.0.0.1:4000#session'

const busyWorld = async (): Promise<World & { readonly own: string }> => {
  const world = await signedInWorld()
  const { sessions } = world.server.state
  const [own] = [...sessions.values()]
  sessions.set('one', { id: '01ONE', authenticatedAtMs: 0 })
  sessions.set('two', { id: '01TWO', authenticatedAtMs: 0 })
  return Object.assign(world, { own: own?.id ?? '' })
}

const liveIds = (world: World): string[] => [...world.server.state.sessions.values()].map(({ id }) => id)

test('sessions are listed, this one marked for a person', async () => {
  const world = await busyWorld()
  expect((await world.run(['sessions', 'list', '-q'])).stdout).toBe(`${world.own}\n01ONE\n01TWO\n`)
  const { stdout } = await world.run(['sessions', 'list'], { tty: true })
  expect(stdout.match(/\(this one\)/g)?.length).toBe(1)
  expect(JSON.parse((await world.run(['sessions', 'list', '--json'])).stdout).length).toBe(3)
})

test('sessions are ended by id', async () => {
  const world = await busyWorld()
  const { code, stdout } = await world.run(['sessions', 'revoke', '01ONE', '01TWO', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual({ revokedCount: 2, signedOut: false })
  expect(liveIds(world)).toEqual([world.own])
})

test('with its own session this machine is signed out, after the others are ended', async () => {
  const world = await busyWorld()
  const { code, stderr } = await world.run(['sessions', 'revoke', world.own, '01ONE'])
  expect(code).toBe(0)
  expect(stderr).toContain('This machine is signed out.')
  expect(liveIds(world)).toEqual(['01TWO'])
  expect(world.keychain.items.has(SESSION_SLOT)).toBe(false)
  expect((await world.run(['whoami'])).stderr).toContain('You are not signed in')
})

test('--others leaves this one, --all none', async () => {
  const world = await busyWorld()
  expect((await world.run(['sessions', 'revoke', '--others'])).stdout).toBe('2\n')
  expect(liveIds(world)).toEqual([world.own])
  expect((await world.run(['whoami'])).code).toBe(0)
  expect((await world.run(['sessions', 'revoke', '--all'])).stdout).toBe('1\n')
  expect(liveIds(world)).toEqual([])
  expect(world.keychain.items.has(SESSION_SLOT)).toBe(false)
})

test('--all leaves the key of the profile', async () => {
  const world = await busyWorld()
  await world.run(['keys', 'create', '--name', 'laptop', '--scopes', 'all', '--use'])
  await world.run(['sessions', 'revoke', '--all'])
  expect((await world.run(['whoami'])).code).toBe(0)
})

test('what was ended before a failure is told', async () => {
  const world = await busyWorld()
  const { code, stderr } = await world.run(['sessions', 'revoke', '01ONE', '01NONE'])
  expect(code).toBe(3)
  expect(stderr).toContain('Ended before it failed: 01ONE')
})

test.each([
  ['none of the three', []],
  ['two of them', ['--others', '--all']],
  ['ids and --others', ['01ONE', '--others']],
])('%s is a usage error', async (_, args) => {
  const world = await busyWorld()
  expect((await world.run(['sessions', 'revoke', ...args])).code).toBe(2)
  expect(liveIds(world).length).toBe(3)
})
