import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runSnoop, type SnoopResult } from './kit/run-snoop'
import { type Account, type Server, startServer } from './kit/start-server'
import { createHome } from './kit/temporary-home'

let server: Server
let account: Account
const { home, remove } = createHome()

const env = (): Record<string, string> => ({
  HOME: home,
  SNOOP_URL: server.url,
  SNOOP_CREDENTIAL_STORE: 'file',
})
const snoop = (
  argv: readonly string[],
  stdin?: string,
  more: Record<string, string> = {},
): Promise<SnoopResult> =>
  runSnoop(argv, { env: { ...env(), ...more }, ...(stdin !== undefined && { stdin }) })
const ok = async (argv: readonly string[], stdin?: string): Promise<string> => {
  const { code, stdout, stderr } = await snoop(argv, stdin)
  expect({ argv, code, stderr: code === 0 ? '' : stderr }).toEqual({ argv, code: 0, stderr: '' })
  return stdout
}
const json = async (argv: readonly string[]) => JSON.parse(await ok([...argv, '--json']))

beforeAll(async () => {
  server = await startServer()
  account = await server.createAccount('ada')
})
afterAll(async () => {
  await server.stop()
  remove()
})

describe('from a new account to a logout', () => {
  test('signing up sends a mail; signing in waits for its link only', async () => {
    const password = 'another long passphrase'
    const args = ['signup', '--name', 'Grace', '--email', 'grace@example.com', '--password-stdin']
    expect(await ok(args, password)).toBe('grace@example.com\n')
  })

  test('signing in, and who that is', async () => {
    await ok(['login', '--email', account.email, '--password-stdin'], account.password)
    expect(await ok(['whoami'])).toBe(`${account.email}\n`)
    expect(await json(['status'])).toMatchObject({ state: 'ok', user: account.email, store: 'file' })
  })

  test('a wrong password is exit 4', async () => {
    const { code } = await snoop(['login', '--email', account.email, '--password-stdin'], 'wrong passphrase')
    expect(code).toBe(4)
  })

  test('a key is made, used, rotated and listed', async () => {
    await ok(['keys', 'create', '--name', 'laptop', '--scopes', 'all', '--use'])
    const before = (await json(['keys', 'list']))[0]
    expect(before).toMatchObject({ name: 'laptop', state: 'active' })
    expect((await json(['status'])).credentials[0]).toMatchObject({ kind: 'key', id: before.id, state: 'ok' })
    const rotated = await json(['keys', 'rotate'])
    expect(rotated).toMatchObject({ outcome: 'rotated', former: 'revoked', formerKeyId: before.id })
    expect(await ok(['keys', 'list', '-q'])).toBe(`${rotated.id}\n`)
    expect((await json(['keys', 'list', '--all'])).map((key: { state: string }) => key.state)).toEqual([
      'active',
      'revoked',
    ])
    expect(await json(['keys', 'show', 'laptop'])).toMatchObject({ id: rotated.id })
  })

  test('a key for another program is printed once, works by the environment, and is revoked', async () => {
    const secret = (await ok(['keys', 'create', '--name', 'ci', '--scopes', 'user:read'])).trim()
    expect(secret).toMatch(/^ba_\w{46}$/)
    const byKey = await snoop(['whoami'], undefined, { SNOOP_API_KEY: secret, HOME: '/nonexistent' })
    expect(byKey).toMatchObject({ code: 0, stdout: `${account.email}\n` })
    await ok(['keys', 'revoke', 'ci', '--yes'])
    const revoked = await snoop(['whoami', '--json'], undefined, { SNOOP_API_KEY: secret })
    expect(revoked.code).toBe(4)
    expect(JSON.parse(revoked.stderr).error).toMatchObject({ code: 'INVALID_API_KEY', exit: 4 })
  })

  test('a key that is pinned to an organization sees that one alone', async () => {
    await ok(['api', 'organizations.create', '-f', 'name=Second', '-f', 'slug=second'])
    const args = ['keys', 'create', '--name', 'pinned', '--scopes', 'read', '--org', 'second']
    const secret = (await ok(args)).trim()
    const pinned = await snoop(['orgs', 'list', '--json'], undefined, { SNOOP_API_KEY: secret })
    expect(JSON.parse(pinned.stdout).map((org: { slug: string }) => org.slug)).toEqual(['second'])
    await ok(['keys', 'revoke', 'pinned', '--yes'])
  })

  test('projects live in the organization that was chosen', async () => {
    expect((await snoop(['projects', 'list'])).code).toBe(2)
    await ok(['orgs', 'use', 'second'])
    const id = (await ok(['projects', 'create', '--name', 'Shop', '--status', 'active'])).trim()
    await ok([
      'projects',
      'update',
      'shop',
      '--description',
      'Sells things',
      '--website',
      'https://shop.example.com',
    ])
    expect(await json(['projects', 'show', id])).toMatchObject({ slug: 'shop', description: 'Sells things' })
    await ok(['projects', 'update', 'shop', '--description', ''])
    expect((await json(['projects', 'list']))[0]).toMatchObject({ id, description: null })
    const conflict = await snoop(['projects', 'create', '--name', 'Other', '--slug', 'shop', '--json'])
    expect(conflict.code).toBe(6)
    expect(JSON.parse(await ok(['api', 'projects.list', '--paginate']))).toHaveLength(1)
    await ok(['projects', 'delete', 'shop', '--yes'])
    expect((await snoop(['projects', 'show', 'shop'])).code).toBe(3)
  })

  test('no file but the one for credentials holds a secret, and that one is for its owner alone', async () => {
    const state = join(home, '.local/state/snoop')
    expect(statSync(join(state, 'credentials.json')).mode & 0o777).toBe(0o600)
    const secrets = Object.values<string>(JSON.parse(readFileSync(join(state, 'credentials.json'), 'utf8')))
    const key = secrets.find(secret => secret.startsWith('ba_'))
    expect(key).toBeDefined()
    for (const name of readdirSync(state).filter(
      file => file.endsWith('.json') && file !== 'credentials.json',
    )) {
      expect(readFileSync(join(state, name), 'utf8')).not.toContain('ba_')
    }
  })

  test('of several rotations at once one wins, and one key is left that works', async () => {
    const runs = await Promise.all(Array.from({ length: 5 }, () => snoop(['keys', 'rotate', '--json'])))
    expect(runs.filter(run => run.code !== 0)).toEqual([])
    const live = await json(['keys', 'list'])
    expect(live).toHaveLength(1)
    expect((await json(['status'])).credentials[0]).toMatchObject({ id: live[0].id, state: 'ok' })
  })

  test('sign-ins of several profiles at once all survive', async () => {
    const profiles = Array.from({ length: 6 }, (_, i) => `profile-${i}`)
    const runs = await Promise.all(
      profiles.map(profile =>
        snoop(
          ['login', '--email', account.email, '--password-stdin', '--profile', profile],
          account.password,
        ),
      ),
    )
    expect(runs.filter(run => run.code !== 0)).toEqual([])
    for (const profile of profiles) await ok(['whoami', '--profile', profile])
    for (const profile of profiles) await ok(['logout', '--profile', profile])
  })

  test('logging out ends both credentials on the server', async () => {
    const jar = JSON.parse(readFileSync(join(home, '.local/state/snoop/credentials.json'), 'utf8'))
    const key = Object.values<string>(jar).find(secret => secret.startsWith('ba_')) ?? ''
    expect((await json(['logout'])).map((ended: { outcome: string }) => ended.outcome)).toEqual([
      'revoked',
      'revoked',
    ])
    expect((await snoop(['whoami'])).code).toBe(4)
    expect((await snoop(['whoami'], undefined, { SNOOP_API_KEY: key })).code).toBe(4)
  })
})
