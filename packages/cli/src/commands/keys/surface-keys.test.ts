import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { signedInWorld, type World } from '../../testing/run-command'

const bodyOfLast = (world: World): unknown => JSON.parse(world.server.requests.at(-1)?.body ?? '')

test('a key of a surface is made with its format, map and limits, and nobody is asked for scopes', async () => {
  const world = await signedInWorld()
  const { code, stdout } = await world.run([
    ...['keys', 'create', '--name', 'blog', '--format', 'sna', '--permission', 'posts:read=id,title'],
    ...['--permission', 'comments:create=text', '--rate', '100/1m', '--refill', '10/10s', '--expires', '30d'],
  ])
  expect(code).toBe(0)
  expect(stdout).toBe(`${world.server.state.keys[0]?.secret}\n`)
  expect(bodyOfLast(world)).toEqual({
    name: 'blog',
    format: 'sna',
    scopes: [],
    permissions: { posts: { read: ['id', 'title'] }, comments: { create: ['text'] } },
    rateLimitEnabled: true,
    rateLimitMax: 100,
    rateLimitTimeWindow: 60_000,
    refillAmount: 10,
    refillInterval: 10_000,
    expiresIn: 30 * 24 * 3600,
    metadata: null,
  })
})

test('each format has scopes of its own, and a key of a surface is not kept for the commands', async () => {
  const world = await signedInWorld()
  const create = (...rest: string[]) => world.run(['keys', 'create', '--name', 'x', '--plain', ...rest])
  await create('--format', 'snpy', '--scopes', 'read')
  expect(bodyOfLast(world)).toMatchObject({ format: 'snpy', scopes: ['qr:read', 'url:read'] })
  const foreign = await create('--format', 'snpy', '--scopes', 'projects:read')
  expect([foreign.code, foreign.stderr]).toEqual([2, expect.stringContaining('qr:read, qr:write')])
  const none = await create('--format', 'snt', '--scopes', 'all')
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('no scopes')])
  const kept = await world.run(['keys', 'create', '--name', 'x', '--format', 'snt', '--use'])
  expect([kept.code, kept.stderr]).toEqual([2, expect.stringContaining('--out <file>')])
})

test('keys are disabled by name and enabled again by name', async () => {
  const world = await signedInWorld()
  await world.run(['keys', 'create', '--name', 'ci', '--scopes', 'read', '--plain'])
  const disabled = await world.run(['keys', 'disable', 'ci'])
  expect([disabled.code, world.server.state.keys[0]?.enabled]).toEqual([0, false])
  const again = await world.run(['keys', 'disable', 'ci'])
  expect([again.code, again.stderr]).toEqual([3, expect.stringContaining('snoop keys list --all')])
  const enabled = await world.run(['keys', 'enable', 'ci'])
  expect([enabled.code, world.server.state.keys[0]?.enabled]).toEqual([0, true])
})

test('verify reads the key from a file or stdin, and tells by its exit code', async () => {
  const world = await signedInWorld()
  await world.run(['keys', 'create', '--name', 'ci', '--scopes', 'read', '--plain'])
  const [key] = world.server.state.keys
  const file = join(world.home, 'ci.key')
  await writeFile(file, `${key?.secret}\n`)
  const good = await world.run(['keys', 'verify', '--file', file])
  expect([good.code, good.stdout + good.stderr]).toEqual([0, expect.stringContaining(key?.id ?? '-')])
  expect(good.stdout + good.stderr).not.toContain(key?.secret)
  const piped = await world.run(['keys', 'verify', '--json'], { stdin: `${key?.secret}\n` })
  expect(JSON.parse(piped.stdout)).toMatchObject({ valid: true, keyId: key?.id })
  if (key) key.revoked = true
  const revoked = await world.run(['keys', 'verify', '--json'], { stdin: `${key?.secret}\n` })
  expect([revoked.code, JSON.parse(revoked.stdout).code]).toEqual([6, 'REVOKED'])
  const empty = await world.run(['keys', 'verify'], { stdin: '\n' })
  expect(empty.code).toBe(2)
})

test('list filters are asked of the server, as times', async () => {
  const world = await signedInWorld()
  await world.run([
    'keys',
    'list',
    '--unused',
    '60d',
    '--expiring',
    '14d',
    '--format',
    'sna',
    '--search',
    'blog',
  ])
  const query = world.server.requests.at(-1)?.url.searchParams
  const at = (days: number) =>
    new Date(world.server.state.now() + days * 24 * 3600_000).toISOString().slice(0, 13)
  expect(query?.get('unusedSince')?.slice(0, 13)).toBe(at(-60))
  expect(query?.get('expiringBefore')?.slice(0, 13)).toBe(at(14))
  expect([query?.get('format'), query?.get('q'), query?.get('state')]).toEqual(['sna', 'blog', 'active'])
})

test('update changes what it is told to, and refuses to change nothing', async () => {
  const world = await signedInWorld()
  await world.run(['keys', 'create', '--name', 'ci', '--scopes', 'read', '--plain'])
  await world.run(['keys', 'update', 'ci', '--any-permission', '--rate', 'off', '--expires', 'never'])
  expect(bodyOfLast(world)).toEqual({
    keyId: world.server.state.keys[0]?.id,
    permissions: null,
    rateLimitEnabled: false,
    expiresAt: null,
  })
  expect((await world.run(['keys', 'update', 'ci'])).code).toBe(2)
})
