import { writeFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockedKeychain } from '../../testing/memory-store'
import { signedInWorld, type World } from '../../testing/run-command'

const create = (...rest: string[]): string[] => [
  'keys',
  'create',
  '--name',
  'ci',
  '--scopes',
  'read',
  ...rest,
]
const bodyOfLast = (world: World): unknown => JSON.parse(world.server.requests.at(-1)?.body ?? '')

test('a pipe gets the secret alone; the remark goes to stderr', async () => {
  const world = await signedInWorld()
  const { code, stdout, stderr } = await world.run(create())
  expect(code).toBe(0)
  expect(stdout).toBe(`${world.server.state.keys[0]?.secret}\n`)
  expect(stderr).toContain('expires in 90 days. It is shown this once.')
  expect(bodyOfLast(world)).toEqual({
    name: 'ci',
    scopes: ['user:read', 'projects:read', 'subscription:read', 'api-keys:read'],
    expiresIn: 90 * 24 * 3600,
    metadata: null,
  })
})

test('--json has the key with its secret', async () => {
  const world = await signedInWorld()
  const { stdout } = await world.run(create('--json', '--expires', 'never'))
  const key = world.server.state.keys[0]
  expect(JSON.parse(stdout)).toMatchObject({ id: key?.id, key: key?.secret, expiresAt: null })
})

test('--use stores the secret, shows it nowhere, and commands use it from then on', async () => {
  const world = await signedInWorld()
  const { stdout, stderr } = await world.run(create('--use', '--json'))
  const secret = world.server.state.keys[0]?.secret ?? ''
  expect(stdout + stderr).not.toContain(secret)
  expect(world.keychain.items.get('snoop/default@http://127.0.0.1:4000#key')).toBe(secret)
  await world.run(['whoami'])
  expect(world.server.requests.at(-1)?.headers['x-api-key']).toBe(secret)
})

test('--use points out the key that was used before', async () => {
  const world = await signedInWorld()
  await world.run(create('--use'))
  const { stderr } = await world.run(create('--use'))
  expect(stderr).toContain(`snoop keys revoke ${world.server.state.keys[0]?.id}`)
})

test('--out writes a file that only its owner can read, and never over another', async () => {
  const world = await signedInWorld()
  const path = join(world.home, 'ci.key')
  const { stdout } = await world.run(create('--out', path))
  const secret = world.server.state.keys[0]?.secret ?? ''
  expect(stdout).not.toContain(secret)
  expect(await readFile(path, 'utf8')).toBe(`${secret}\n`)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const again = await world.run(create('--out', path))
  expect(again.code).toBe(6)
  expect(world.server.state.keys.length).toBe(1)
})

test('--org pins the key, by slug too; the organization in use alone does not', async () => {
  const world = await signedInWorld()
  await world.run(create('--org', 'acme'))
  expect(world.server.state.keys[0]?.organizationId).toBe('01ORGACME')
  await world.run(create(), { env: { SNOOP_ORG: 'acme' } })
  expect(world.server.state.keys[1]?.organizationId).toBeNull()
})

test('a person is asked for name, scopes and destination', async () => {
  const world = await signedInWorld()
  const { code, asked } = await world.run(['keys', 'create'], {
    tty: true,
    answers: ['laptop', ['user:read'], 'store'],
  })
  expect(code).toBe(0)
  expect(asked).toEqual(['What is the key for?', 'What may it do?', 'Where to?'])
  expect(world.server.state.keys[0]).toMatchObject({ name: 'laptop', scopes: ['user:read'] })
})

test.each([
  [['keys', 'create', '--scopes', 'read'], '--name'],
  [['keys', 'create', '--name', 'ci'], '--scopes'],
  [create('--scopes', 'projects:fly'), 'projects:fly'],
  [create('--expires', 'soon'), '--expires'],
  [create('--use', '--plain'), 'exclude one another'],
])('%j is refused before anything is made', async (argv, complaint) => {
  const world = await signedInWorld()
  const sent = world.server.requests.length
  const { code, stderr } = await world.run(argv)
  expect(code).toBe(2)
  expect(stderr).toContain(complaint)
  expect(world.server.requests.length).toBe(sent)
})

test('a store that cannot keep a secret is found out before the key is made', async () => {
  const world = await signedInWorld()
  world.keychain.failure = lockedKeychain()
  expect((await world.run(create('--use'))).code).toBe(11)
  expect(world.server.state.keys).toEqual([])
})

test('a key whose secret could not be kept is revoked again', async () => {
  const world = await signedInWorld()
  const path = join(world.home, 'ci.key')
  world.server.interfere = request => {
    if (request.url.pathname.endsWith('/create')) writeFileSync(path, 'somebody was faster')
    return undefined
  }
  const { code, stderr } = await world.run(create('--out', path))
  expect(code).toBe(1)
  expect(stderr).toContain('was revoked again')
  expect(world.server.state.keys[0]?.revoked).toBe(true)
})

test('the life of a key near its end is warned of', async () => {
  const world = await signedInWorld()
  await world.run(create('--expires', '7d'))
  const { stderr } = await world.run(['keys', 'list'])
  expect(stderr).toContain('Key ci expires in 7 days')
})
