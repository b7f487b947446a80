import { expect, test } from 'vitest'
import { createWorld, signedInWorld } from '../testing/run-command'

const DEVICE_SLOT = 'snoop/default@http://127.0.0.1:4000#device'
const useKey = ['keys', 'create', '--name', 'laptop', '--scopes', 'all', '--use']

test('logging out ends session and key on the server and forgets both', async () => {
  const world = await signedInWorld()
  await world.run(useKey)
  const { code, stdout } = await world.run(['logout', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout).map((ended: { outcome: string }) => ended.outcome)).toEqual([
    'revoked',
    'revoked',
  ])
  expect(world.server.state.sessions.size).toBe(0)
  expect(world.server.state.keys[0]?.revoked).toBe(true)
  expect([...world.keychain.items.keys()]).toEqual([DEVICE_SLOT])
  expect((await world.run(['whoami'])).code).toBe(4)
})

test('--keep-key ends the session alone', async () => {
  const world = await signedInWorld()
  await world.run(useKey)
  await world.run(['logout', '--keep-key'])
  expect(world.server.state.keys[0]?.revoked).toBe(false)
  expect((await world.run(['whoami'])).code).toBe(0)
})

test('a session that the server has ended already is called already gone', async () => {
  const world = await signedInWorld()
  world.server.state.sessions.clear()
  const { code, stdout } = await world.run(['logout', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)[0].outcome).toBe('already_gone')
})

test('an unreachable server is no success: it says what stays good and until when', async () => {
  const world = await signedInWorld()
  world.server.interfere = () => 'refused'
  const { code, stdout, stderr } = await world.run(['logout'], { tty: true })
  expect(code).toBe(9)
  expect(stdout).toContain('not revoked')
  expect(stderr).toContain('stays good on the server until 2090-06-08T12:00:00.000Z')
  expect([...world.keychain.items.keys()]).toEqual([DEVICE_SLOT])
})

test('logging out twice is no error', async () => {
  const world = await createWorld()
  expect(await world.run(['logout'])).toMatchObject({ code: 0, stdout: '' })
})
