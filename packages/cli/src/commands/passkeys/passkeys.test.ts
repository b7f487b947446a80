import { expect, test } from 'vitest'
import { signedInWorld, type World } from '../../testing/run-command'

const worldWithPasskeys = async (): Promise<World> => {
  const world = await signedInWorld()
  world.server.state.passkeys.push(
    { id: '01LAPTOP', name: 'Laptop' },
    { id: '01TWINA', name: 'Twin' },
    { id: '01TWINB', name: 'Twin' },
  )
  return world
}

test('passkeys are listed; without any it is said where they are made', async () => {
  const world = await worldWithPasskeys()
  expect((await world.run(['passkeys', 'list', '-q'])).stdout).toBe('01LAPTOP\n01TWINA\n01TWINB\n')
  expect((await world.run(['passkeys', 'list'], { tty: true })).stdout).toContain('synchronised')
  const empty = await (await signedInWorld()).run(['passkeys', 'list'], { tty: true })
  expect(empty.stderr).toContain('made in a browser')
})

test('a passkey is renamed by name or id', async () => {
  const world = await worldWithPasskeys()
  expect((await world.run(['passkeys', 'rename', 'Laptop', 'Desk'])).stdout).toBe('01LAPTOP\n')
  expect((await world.run(['passkeys', 'rename', '01LAPTOP', 'Chair'])).code).toBe(0)
  expect(world.server.state.passkeys[0]?.name).toBe('Chair')
})

test('a name that several have, or none has, is refused', async () => {
  const world = await worldWithPasskeys()
  const twins = await world.run(['passkeys', 'rename', 'Twin', 'One'])
  expect(twins.code).toBe(2)
  expect(twins.stderr).toContain('01TWINA')
  expect((await world.run(['passkeys', 'delete', 'Nobody', '--yes'])).code).toBe(3)
  expect(world.server.state.passkeys.length).toBe(3)
})

test('passkeys are removed after a yes, each once', async () => {
  const world = await worldWithPasskeys()
  expect((await world.run(['passkeys', 'delete', 'Laptop'])).code).toBe(2)
  const no = await world.run(['passkeys', 'delete', 'Laptop'], { tty: true, answers: [false] })
  expect(no).toMatchObject({ code: 1, asked: ['Remove Laptop (01LAPTOP)? They no longer sign in then.'] })
  const args = ['passkeys', 'delete', 'Laptop', '01LAPTOP', '01TWINA', '--yes']
  expect((await world.run(args)).stdout).toBe('01LAPTOP\n01TWINA\n')
  expect(world.server.state.passkeys.map(({ id }) => id)).toEqual(['01TWINB'])
})

test('a stale session is told what to do', async () => {
  const world = await worldWithPasskeys()
  world.nowMs += 20 * 60 * 1000
  expect((await world.run(['passkeys', 'delete', 'Laptop', '--yes'])).code).toBe(4)
})
