import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasKeyring, type Keyring, startKeyring } from './kit/keyring'
import { runSnoop, type SnoopResult } from './kit/run-snoop'
import { type Account, type Server, startServer } from './kit/start-server'
import { createHome } from './kit/temporary-home'

let server: Server
let account: Account
beforeAll(async () => {
  server = await startServer()
  account = await server.createAccount('ada')
})
afterAll(() => server.stop())

const login = (): string[] => ['login', '--email', account.email, '--password-stdin']

/** Which files below a folder hold this text. */
const filesWith = (folder: string, text: string): string =>
  execFileSync('/bin/sh', ['-c', 'grep -rlF -- "$1" "$2" || true', 'sh', text, folder], { encoding: 'utf8' })

describe.skipIf(!hasKeyring())('with a real keyring', () => {
  const { home, remove } = createHome()
  let keyring: Keyring
  const snoop = (
    argv: readonly string[],
    stdin?: string,
    more: Record<string, string> = {},
  ): Promise<SnoopResult> =>
    runSnoop(argv, {
      env: { ...keyring.env, SNOOP_URL: server.url, ...more },
      ...(stdin !== undefined && { stdin }),
    })
  const slot = (name: string): string => `default@${server.url}#${name}`

  beforeAll(async () => {
    keyring = await startKeyring(home)
  })
  afterAll(async () => {
    await keyring.stop()
    remove()
  })

  test('session and key are kept in it, and in no file', async () => {
    expect(await snoop(login(), account.password)).toMatchObject({ code: 0 })
    const created = await snoop(['keys', 'create', '--name', 'laptop', '--scopes', 'all', '--use'])
    expect(created).toMatchObject({ code: 0 })
    const secret = keyring.lookUp(slot('key')) ?? ''
    expect(secret).toMatch(/^ba_\w{46}$/)
    expect(keyring.lookUp(slot('session'))).toContain('snoop_session')
    expect(filesWith(join(home, '.local/state'), secret.slice(3))).toBe('')
    expect(filesWith(join(home, '.config'), secret.slice(3))).toBe('')
    expect(existsSync(join(home, '.local/state/snoop/credentials.json'))).toBe(false)
    expect(created.stdout + created.stderr).not.toContain(secret)
  })

  test('a rotation changes the item; the old secret is dead, the new one works', async () => {
    const before = keyring.lookUp(slot('key')) ?? ''
    expect(await snoop(['keys', 'rotate'])).toMatchObject({ code: 0 })
    const after = keyring.lookUp(slot('key')) ?? ''
    expect(after).not.toBe(before)
    expect(keyring.lookUp(slot('next-key'))).toBeUndefined()
    expect((await snoop(['whoami'], undefined, { SNOOP_API_KEY: before })).code).toBe(4)
    expect(await snoop(['whoami'])).toMatchObject({ code: 0, stdout: `${account.email}\n` })
  })

  test('a keychain that hangs is given up on after three seconds, and the program ends', async () => {
    keyring.freeze()
    const { code, stderr, durationMs } = await snoop(['whoami'])
    const status = await snoop(['status', '--json'])
    keyring.thaw()
    expect(code).toBe(11)
    expect(stderr).toContain('The keychain did not answer')
    expect(durationMs).toBeLessThan(5000)
    expect(JSON.parse(status.stdout)).toMatchObject({ state: 'unverified', reason: 'keychain.timeout' })
    expect((await snoop(['whoami'])).code).toBe(0)
  })

  test('with a key from the environment a hanging keychain is not even noticed', async () => {
    const secret = keyring.lookUp(slot('key')) ?? ''
    keyring.freeze()
    const { code, durationMs } = await snoop(['whoami'], undefined, { SNOOP_API_KEY: secret })
    keyring.thaw()
    expect(code).toBe(0)
    expect(durationMs).toBeLessThan(2000)
  })

  test('revoking the key in use empties its item', async () => {
    expect(await snoop(['keys', 'revoke', 'laptop', '--yes', '--yes-lock-me-out'])).toMatchObject({ code: 0 })
    expect(keyring.lookUp(slot('key'))).toBeUndefined()
    expect(await snoop(['whoami'])).toMatchObject({ code: 0 })
  })

  test('a locked keychain is told of: nothing is lost, and no sign-in is begun', async () => {
    await keyring.restartLocked()
    const whoami = await snoop(['whoami', '--json'])
    expect(whoami.code).toBe(11)
    expect(JSON.parse(whoami.stderr).error).toMatchObject({ code: 'keychain.locked', exit: 11 })
    const status = await snoop(['status', '--json'])
    expect(JSON.parse(status.stdout)).toMatchObject({ state: 'unverified', reason: 'keychain.locked' })
    const signIn = await snoop([...login(), '--verbose'], account.password)
    expect(signIn.code).toBe(11)
    expect(signIn.stderr).not.toContain('/api/auth/sign-in/email')
  })
})

describe('without a keychain', () => {
  const { home, remove } = createHome()
  afterAll(remove)
  const snoop = (argv: readonly string[], stdin: string, more: Record<string, string> = {}) =>
    runSnoop(argv, { env: { HOME: home, SNOOP_URL: server.url, ...more }, stdin })

  test.each([
    ['no bus at all', {}],
    ['a bus that is gone', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' }],
  ])('%s: exit 11 at once with remedies, before anything is sent', async (_, more) => {
    const { code, stderr, durationMs } = await snoop([...login(), '--verbose'], account.password, more)
    expect(code).toBe(11)
    expect(stderr).toContain('snoop login --store file')
    expect(stderr).toContain('SNOOP_API_KEY=')
    expect(stderr).not.toContain('/api/')
    expect(durationMs).toBeLessThan(3500)
  })

  test('--store file works, and is remembered', async () => {
    expect(await snoop([...login(), '--store', 'file'], account.password)).toMatchObject({ code: 0 })
    expect(await snoop(['whoami'], '')).toMatchObject({ code: 0 })
    expect(await snoop(['logout'], '')).toMatchObject({ code: 0 })
  })
})
