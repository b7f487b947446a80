import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { refuse } from '../../testing/fake-answers'
import { addKey } from '../../testing/fake-key-routes'
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
  expect((await world.run(['keys', 'disable', 'ci'])).code).toBe(0)
  const enabled = await world.run(['keys', 'enable', 'ci'])
  expect([enabled.code, world.server.state.keys[0]?.enabled]).toEqual([0, true])
  const unknown = await world.run(['keys', 'disable', 'none'])
  expect([unknown.code, unknown.stderr]).toEqual([3, expect.stringContaining('snoop keys list --all')])
})

test('a disabled key is shown, changed and revoked by its name, and rotated not before it is enabled', async () => {
  const world = await signedInWorld()
  await world.run(['keys', 'create', '--name', 'ci', '--scopes', 'read', '--plain'])
  await world.run(['keys', 'disable', 'ci'])
  expect((await world.run(['keys', 'show', 'ci'])).stdout).toContain('disabled')
  const rotated = await world.run(['keys', 'rotate', 'ci'])
  expect([rotated.code, rotated.stderr]).toEqual([6, expect.stringContaining('snoop keys enable ak_')])
  expect((await world.run(['keys', 'update', 'ci', '--name', 'cd'])).code).toBe(0)
  expect((await world.run(['keys', 'revoke', 'ci', '--yes'])).code).toBe(0)
  expect(world.server.state.keys[0]?.revoked).toBe(true)
})

test('of two keys of one name the live one is meant', async () => {
  const world = await signedInWorld()
  const disabled = addKey(world.server.state, { name: 'ci' })
  disabled.enabled = false
  const live = addKey(world.server.state, { name: 'ci' })
  await world.run(['keys', 'revoke', 'ci', '--yes'])
  expect([disabled.revoked, live.revoked]).toEqual([false, true])
})

test('the key in use is not disabled by mistake', async () => {
  const world = await signedInWorld()
  await world.run(['keys', 'create', '--name', 'laptop', '--scopes', 'all', '--use'])
  const refused = await world.run(['keys', 'disable', 'laptop'])
  expect([refused.code, refused.stderr]).toEqual([6, expect.stringContaining('--yes-lock-me-out')])
  expect(world.server.state.keys[0]?.enabled).toBe(true)
  expect((await world.run(['keys', 'disable', 'laptop', '--yes-lock-me-out'])).code).toBe(0)
})

test('a second key of the format snt is made only by who agrees that the first ends', async () => {
  const world = await signedInWorld()
  const out = join(world.home, 'snt.key')
  const create = (...rest: string[]) => ['keys', 'create', '--name', 'new', '--format', 'snt', ...rest]
  expect((await world.run(create('--out', out))).stderr).not.toContain('Ended')
  expect(bodyOfLast(world)).toMatchObject({ expiresIn: null })
  const refused = await world.run(create('--plain'))
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--yes')])
  expect(refused.stderr).toContain(world.server.state.keys[0]?.id)
  const declined = await world.run(create('--plain'), { tty: true, answers: [false] })
  expect([declined.code, world.server.state.keys.length]).toEqual([1, 1])
  const agreed = await world.run(create('--plain', '--yes'))
  expect([agreed.code, agreed.stderr]).toEqual([
    0,
    expect.stringContaining(`Ended: new (${world.server.state.keys[0]?.id}).`),
  ])
})

test('nothing is made, and nothing ends, for a secret that could not be kept', async () => {
  const world = await signedInWorld()
  const out = join(world.home, 'no-such-folder', 'snt.key')
  const sent = world.server.requests.length
  const { code, stderr } = await world.run(['keys', 'create', '--name', 'x', '--format', 'snt', '--out', out])
  expect([code, stderr]).toEqual([1, expect.stringContaining('cannot be made')])
  expect(world.server.requests.length).toBe(sent)
})

test('a key of a surface is made by a session alone', async () => {
  const world = await signedInWorld()
  await world.run(['keys', 'create', '--name', 'laptop', '--scopes', 'all', '--use'])
  await world.run(['keys', 'create', '--name', 'blog', '--format', 'sna', '--plain'])
  expect(world.server.requests.at(-1)?.headers.cookie).toBeDefined()
})

test('a native key for resources needs no scopes, and nobody is asked for them', async () => {
  const world = await signedInWorld()
  const rule = ['--permission', 'posts:read=id', '--permission', 'posts:delete']
  const { code } = await world.run(['keys', 'create', '--name', 'x', ...rule, '--plain'])
  expect(code).toBe(0)
  expect(bodyOfLast(world)).toMatchObject({
    scopes: [],
    permissions: { posts: { read: ['id'], delete: [] } },
  })
})

test('what the server refuses is told by the flags that were typed, and by the names of the API in JSON', async () => {
  const world = await signedInWorld()
  const errors = [
    {
      field: 'refillAmount',
      error: 'Must be at most rateLimitMax, which is 5 for this key',
      location: 'body',
    },
    { field: 'permissions.posts.read', error: 'Unknown: "x"; the fields are id, name', location: 'body' },
  ]
  world.server.interfere = ({ url }) =>
    url.pathname.endsWith('/create')
      ? refuse(400, 'VALIDATION_ERROR', 'Validation failed', { errors })
      : undefined
  const argv = ['keys', 'create', '--name', 'x', '--format', 'sna', '--plain']
  const { code, stderr } = await world.run(argv)
  expect(code).toBe(6)
  expect(stderr).toContain('--refill: Must be at most --rate, which is 5 for this key\n')
  expect(stderr).toContain('--permission posts:read: Unknown: "x"; the fields are id, name\n')
  const { error } = JSON.parse((await world.run([...argv, '--json'])).stderr)
  expect(error.fields[0]).toEqual({ field: errors[0]?.field, error: errors[0]?.error })
})

test.each(['snpy_', 'snt_', 'sna_', 'acme_'])(
  'a secret that begins with %s is not taken as an argument',
  async prefix => {
    const world = await signedInWorld()
    const { code, stderr } = await world.run(['keys', 'show', `${prefix}${'a1'.repeat(23)}`])
    expect([code, stderr]).toEqual([2, expect.stringContaining('secret key on the command line')])
    expect(stderr).not.toContain('a1a1')
  },
)

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
  await world.run(['keys', 'create', '--name', 'ci', '--format', 'sna', '--plain'])
  await world.run(['keys', 'update', 'ci', '--any-permission', '--rate', 'off', '--expires', 'never'])
  expect(bodyOfLast(world)).toEqual({
    keyId: world.server.state.keys[0]?.id,
    permissions: null,
    rateLimitEnabled: false,
    expiresAt: null,
  })
  expect((await world.run(['keys', 'update', 'ci'])).code).toBe(2)
})

test('--any-permission is refused where it would mean nothing', async () => {
  const world = await signedInWorld()
  await world.run(['keys', 'create', '--name', 'ci', '--scopes', 'read', '--plain'])
  const { code, stderr } = await world.run(['keys', 'update', 'ci', '--any-permission'])
  expect([code, stderr]).toEqual([2, expect.stringContaining('format sna')])
})

test('verify knows the scopes of the format that the key has, and says what to do', async () => {
  const world = await signedInWorld()
  const verify = (key: string) => world.run(['keys', 'verify', '--scopes', 'url:read'], { stdin: key })
  const foreign = await verify('ba_x')
  expect([foreign.code, foreign.stderr]).toEqual([2, expect.stringContaining('no scope url:read')])
  expect((await verify('snpy_x')).code).toBe(6)
  expect(bodyOfLast(world)).toEqual({ key: 'snpy_x', scopes: ['url:read'] })
})
