import { expect, test } from 'vitest'
import { addKey } from '../../testing/fake-key-routes'
import { signedInWorld } from '../../testing/run-command'

test('keys are revoked by id and by name', async () => {
  const world = await signedInWorld()
  const { state } = world.server
  const [first, second] = [addKey(state, { name: 'ci' }), addKey(state, { name: 'report' })]
  const { code, stdout } = await world.run(['keys', 'revoke', first.id, 'report', '--yes'])
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${first.id}\n${second.id}\n` })
  expect(state.keys.every(key => key.revoked)).toBe(true)
})

test('a person is asked first, and may say no', async () => {
  const world = await signedInWorld()
  addKey(world.server.state, { name: 'ci' })
  const no = await world.run(['keys', 'revoke', 'ci'], { tty: true, answers: [false] })
  expect(no.code).toBe(1)
  expect(no.asked[0]).toContain('Revoke ci (ak_')
  expect(world.server.state.keys[0]?.revoked).toBe(false)
  await world.run(['keys', 'revoke', 'ci'], { tty: true, answers: [true] })
  expect(world.server.state.keys[0]?.revoked).toBe(true)
})

test('without a person it takes --yes', async () => {
  const world = await signedInWorld()
  addKey(world.server.state, { name: 'ci' })
  const { code, stderr } = await world.run(['keys', 'revoke', 'ci'])
  expect(code).toBe(2)
  expect(stderr).toContain('--yes')
})

test('the key in use is not revoked by accident', async () => {
  const world = await signedInWorld()
  await world.run(['keys', 'create', '--name', 'laptop', '--scopes', 'all', '--use'])
  const { code, stderr } = await world.run(['keys', 'revoke', 'laptop', '--yes'])
  expect(code).toBe(6)
  expect(stderr).toContain('--yes-lock-me-out')
  expect(world.server.state.keys[0]?.revoked).toBe(false)
})

test('revoked on purpose, the key in use leaves the keychain too', async () => {
  const world = await signedInWorld()
  await world.run(['keys', 'create', '--name', 'laptop', '--scopes', 'all', '--use'])
  const { code } = await world.run(['keys', 'revoke', 'laptop', '--yes', '--yes-lock-me-out'])
  expect(code).toBe(0)
  expect(world.keychain.items.has('snoop/default@http://127.0.0.1:4000#key')).toBe(false)
  expect(world.keychain.items.has('snoop/default@http://127.0.0.1:4000#session')).toBe(true)
  expect((await world.run(['whoami'])).code).toBe(0)
})

test('the key in use revokes itself last', async () => {
  const world = await signedInWorld()
  addKey(world.server.state, { name: 'other' })
  await world.run(['keys', 'create', '--name', 'laptop', '--scopes', 'all', '--use'])
  await world.run(['logout', '--keep-key'])
  const { code } = await world.run(['keys', 'revoke', 'laptop', 'other', '--yes', '--yes-lock-me-out'])
  expect(code).toBe(0)
  expect(world.server.state.keys.every(key => key.revoked)).toBe(true)
})

test('what was revoked before a failure is told', async () => {
  const world = await signedInWorld()
  const { state } = world.server
  addKey(state, { name: 'one' })
  const second = addKey(state, { name: 'two' })
  world.server.interfere = request => (request.body?.includes(second.id) ? 'request_lost' : undefined)
  const { code, stderr } = await world.run(['keys', 'revoke', 'one', 'two', '--yes'])
  expect(code).toBe(9)
  expect(stderr).toContain('Revoked before it failed: one')
})

test('a name that no live key has, or several have, is refused', async () => {
  const world = await signedInWorld()
  const { state } = world.server
  addKey(state, { name: 'ci' }).revoked = true
  expect((await world.run(['keys', 'revoke', 'ci', '--yes'])).code).toBe(3)
  const twins = [addKey(state, { name: 'twin' }), addKey(state, { name: 'twin' })]
  const { code, stderr } = await world.run(['keys', 'revoke', 'twin', '--yes'])
  expect(code).toBe(2)
  for (const { id } of twins) expect(stderr).toContain(id)
})

test('a name stands for the key that came, not for the one that was rotated out', async () => {
  const world = await signedInWorld()
  addKey(world.server.state, { name: 'ci' })
  await world.run(['keys', 'rotate', 'ci', '--grace', '1h'])
  expect((await world.run(['keys', 'revoke', 'ci', '--yes'])).code).toBe(0)
  expect(world.server.state.keys.map(key => key.revoked)).toEqual([false, true])
})
