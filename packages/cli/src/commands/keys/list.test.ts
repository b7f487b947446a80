import { expect, test } from 'vitest'
import { addKey } from '../../testing/fake-key-routes'
import { signedInWorld } from '../../testing/run-command'

test('live keys are listed; --all shows the dead ones with their state', async () => {
  const world = await signedInWorld()
  addKey(world.server.state, { name: 'alive' })
  addKey(world.server.state, { name: 'dead' }).revoked = true
  const live = await world.run(['keys', 'list', '--json'])
  expect(JSON.parse(live.stdout).map((key: { name: string }) => key.name)).toEqual(['alive'])
  const all = await world.run(['keys', 'list', '--all'])
  expect(all.stdout.split('\n').filter(line => line.includes('\trevoked\t')).length).toBe(1)
})

test('more keys than a page are all listed', async () => {
  const world = await signedInWorld()
  for (let i = 0; i < 230; i++) addKey(world.server.state, { name: `key-${i}` })
  const { stdout } = await world.run(['keys', 'list', '--quiet'])
  expect(stdout.trimEnd().split('\n').length).toBe(230)
})

test('a person sees a table with relative times, and which key is in use', async () => {
  const world = await signedInWorld()
  await world.run(['keys', 'create', '--name', 'laptop', '--scopes', 'all', '--use'])
  const { stdout } = await world.run(['keys', 'list'], { tty: true })
  const [head = '', line = ''] = stdout.split('\n')
  expect(head).toMatch(/^NAME +ID +SCOPES +ORG +EXPIRES +LAST USE +FORMAT$/)
  expect(line).toMatch(/^laptop \(in use\) +ak_KEY\d+ +all +any +in 90 days +never +ba$/)
})

test('a program gets tab-separated values with times in full', async () => {
  const world = await signedInWorld()
  addKey(world.server.state, { name: 'tab\there', expiresAt: '2091-01-01T00:00:00.000Z' })
  const { stdout } = await world.run(['keys', 'list'])
  expect(stdout.split('\t')).toEqual([
    'tab here',
    expect.stringMatching(/^ak_/),
    'user:read',
    '',
    '2091-01-01T00:00:00.000Z',
    '',
    'ba\n',
  ])
})

test('without keys a person is told how to make one', async () => {
  const world = await signedInWorld()
  const { stdout, stderr } = await world.run(['keys', 'list'], { tty: true })
  expect(stdout).toBe('')
  expect(stderr).toContain('snoop keys create')
})

test('a key alone lists the keys if it may, and says what it lacks if not', async () => {
  const world = await signedInWorld()
  const able = addKey(world.server.state, { scopes: ['api-keys:read'] })
  expect((await world.run(['keys', 'list'], { env: { SNOOP_API_KEY: able.secret } })).code).toBe(0)
  const unable = addKey(world.server.state, {})
  const { code, stderr } = await world.run(['keys', 'list'], { env: { SNOOP_API_KEY: unable.secret } })
  expect(code).toBe(5)
  expect(stderr).toContain('api-keys:read')
})
