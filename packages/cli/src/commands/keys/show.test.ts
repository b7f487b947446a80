import { expect, test } from 'vitest'
import { addKey } from '../../testing/fake-key-routes'
import { signedInWorld } from '../../testing/run-command'

test('a key is shown by name or id, never with its secret', async () => {
  const world = await signedInWorld()
  const key = addKey(world.server.state, { name: 'ci', scopes: ['projects:read'] })
  for (const named of ['ci', key.id]) {
    const { code, stdout } = await world.run(['keys', 'show', named])
    expect(code).toBe(0)
    expect(stdout).toContain('scopes\tprojects:read\n')
    expect(stdout).not.toContain(key.secret)
  }
})

test('a key that there is not exits 3', async () => {
  const world = await signedInWorld()
  expect((await world.run(['keys', 'show', 'ak_NONE'])).code).toBe(3)
  expect((await world.run(['keys', 'show', 'nobody'])).code).toBe(3)
})
