import { chmod, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PASSWORD } from '../../testing/fake-snoop'
import { signedInWorld } from '../../testing/run-command'

test('the account is shown', async () => {
  const world = await signedInWorld()
  const { stdout } = await world.run(['account', 'show'])
  expect(stdout).toContain('email\tada@example.com\nverified\tyes\nsecond factor\tno\nmarketing mail\ton\n')
  expect(JSON.parse((await world.run(['account', 'show', '--json'])).stdout).handle).toBe('ada')
})

test('name, handle and mail preferences are changed, and what is not named stays', async () => {
  const world = await signedInWorld()
  const { user } = world.server.state
  await world.run(['account', 'update', '--name', 'Ada L.', '--handle', 'adal'])
  expect(user).toMatchObject({ fullName: 'Ada L.', handle: 'adal', marketingOptOut: false })
  await world.run(['account', 'update', '--marketing-mail', 'off'])
  expect(user).toMatchObject({ fullName: 'Ada L.', marketingOptOut: true })
  await world.run(['account', 'update', '--marketing-mail', 'on'])
  expect(user.marketingOptOut).toBe(false)
})

test('a change of nothing, and half a preference, are usage errors', async () => {
  const world = await signedInWorld()
  expect((await world.run(['account', 'update'])).code).toBe(2)
  expect((await world.run(['account', 'update', '--marketing-mail', 'maybe'])).code).toBe(2)
})

test('the export goes to stdout, or into a file that only its owner can read', async () => {
  const world = await signedInWorld()
  expect(JSON.parse((await world.run(['account', 'export'])).stdout)).toMatchObject({ hasPassword: true })
  const file = join(world.home, 'account.json')
  expect((await world.run(['account', 'export', '--out', file])).stdout).toBe(`${file}\n`)
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ user: { email: 'ada@example.com' } })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('a file is overwritten with --yes alone, and then nobody else can read it any more', async () => {
  const world = await signedInWorld()
  const file = join(world.home, 'account.json')
  await writeFile(file, 'mine')
  await chmod(file, 0o644)
  const sent = world.server.requests.length
  const refused = await world.run(['account', 'export', '--out', file])
  expect(refused.code).toBe(6)
  expect(refused.stderr).toContain('--yes')
  expect(await readFile(file, 'utf8')).toBe('mine')
  expect(world.server.requests.length).toBe(sent)
  expect((await world.run(['account', 'export', '--out', file, '--yes'])).code).toBe(0)
  expect(await readFile(file, 'utf8')).toContain('ada@example.com')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('a link in the place of the file is replaced, not followed', async () => {
  const world = await signedInWorld()
  const [file, target] = [join(world.home, 'account.json'), join(world.home, 'target')]
  await writeFile(target, 'untouched')
  await symlink(target, file)
  await world.run(['account', 'export', '--out', file, '--yes'])
  expect(await readFile(target, 'utf8')).toBe('untouched')
})

test('the history is listed as far as is wanted', async () => {
  const world = await signedInWorld()
  const lines = async (...args: string[]) =>
    (await world.run(['account', 'history', ...args])).stdout.trimEnd().split('\n')
  expect((await lines()).length).toBe(50)
  expect((await lines('--all')).length).toBe(60)
  const [newest = ''] = await lines('--limit', '1')
  expect(newest).toContain('\tpassword\tfailed\t192.0.2.1\t')
})

test('the account is deleted after its address was typed, and its credentials are forgotten', async () => {
  const world = await signedInWorld()
  await world.run(['keys', 'create', '--name', 'laptop', '--scopes', 'all', '--use'])
  const { code, asked } = await world.run(['account', 'delete'], {
    tty: true,
    answers: ['ada@example.com'],
  })
  expect(code).toBe(0)
  expect(asked[0]).toContain('Type ada@example.com to go ahead')
  expect([...world.keychain.items.keys()]).toEqual([])
  expect((await world.run(['whoami'])).stderr).toContain('You are not signed in')
})

test('nothing typed deletes nothing; another address is not taken', async () => {
  const world = await signedInWorld()
  expect((await world.run(['account', 'delete'], { tty: true, answers: [''] })).code).toBe(1)
  const other = await world.run(['account', 'delete'], { tty: true, answers: ['ada@example.org'] })
  expect(other.stderr).toContain('or nothing to stop')
  expect((await world.run(['account', 'delete'])).code).toBe(2)
  expect(world.server.requests.some(({ method }) => method === 'DELETE')).toBe(false)
  expect((await world.run(['whoami'])).code).toBe(0)
})

test('with --yes nothing is typed; a stale session is to be proved all the same', async () => {
  const world = await signedInWorld()
  world.nowMs += 20 * 60 * 1000
  expect((await world.run(['account', 'delete', '--yes'])).code).toBe(4)
  const { code } = await world.run(['account', 'delete', '--yes'], { tty: true, answers: [PASSWORD] })
  expect(code).toBe(0)
})

test('the last owner of an organization that others are in is refused, and stays signed in', async () => {
  const world = await signedInWorld()
  world.server.interfere = ({ method }) =>
    method === 'DELETE'
      ? {
          status: 409,
          body: {
            success: false,
            status: 409,
            code: 'CONFLICT',
            message: 'You are the last owner of "Acme". Make another member an owner',
            meta: { organizations: [{ id: '01A', name: 'Acme' }] },
          },
        }
      : undefined
  const { code, stderr } = await world.run(['account', 'delete', '--yes'])
  expect(code).toBe(6)
  expect(stderr).toBe('✗ You are the last owner of "Acme". Make another member an owner\n')
  expect((await world.run(['whoami'])).code).toBe(0)
})
