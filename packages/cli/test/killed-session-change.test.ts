import type { ChildProcess } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runSnoop } from './kit/run-snoop'
import { type StallingProxy, startStallingProxy } from './kit/stalling-proxy'
import { type Account, type Server, startServer } from './kit/start-server'
import { createHome } from './kit/temporary-home'

let server: Server
let proxy: StallingProxy
let account: Account
const { home, remove } = createHome()

const snoop = (argv: readonly string[], stdin = '', onStart?: (child: ChildProcess) => void) =>
  runSnoop(argv, {
    env: { HOME: home, SNOOP_URL: proxy.url, SNOOP_CREDENTIAL_STORE: 'file' },
    stdin,
    ...(onStart && { onStart }),
  })
const login = () => snoop(['login', '--email', account.email, '--password-stdin'], account.password)

beforeAll(async () => {
  server = await startServer()
  proxy = await startStallingProxy(server.url)
  account = await server.createAccount('ada')
})
afterAll(async () => {
  await proxy.stop()
  await server.stop()
  remove()
})

/** Runs until the answer to that path is withheld, then sends a signal; the answer comes no more. */
const runAndSignal = async (path: string, signal: NodeJS.Signals, argv: readonly string[], stdin: string) => {
  proxy.stall(path)
  const stalled = proxy.stalled()
  let running: ChildProcess | undefined
  const result = snoop(argv, stdin, child => {
    running = child
  })
  await stalled
  running?.kill(signal)
  proxy.stall(undefined)
  return { result, child: running }
}

test('killed while a new secret is on its way, the old one is refused in words, and a sign-in mends it', async () => {
  await login()
  server.ageSessions(3_600_000)
  const secrets = `${account.password}\na newer passphrase\n`
  const argv = ['password', 'change', '--password-stdin']
  const { result } = await runAndSignal('/api/auth/reauthenticate', 'SIGKILL', argv, secrets)
  expect((await result).code).toBeNull()
  const refused = await snoop(['whoami'])
  expect(refused.code).toBe(4)
  expect(refused.stderr).toContain('snoop login')
  expect(await login()).toMatchObject({ code: 0 })
  expect(await snoop(['whoami'])).toMatchObject({ code: 0 })
})

test('killed after the new secret came, while its id is asked for, the session works', async () => {
  server.ageSessions(3_600_000)
  const secrets = `${account.password}\na newer passphrase\n`
  const argv = ['password', 'change', '--password-stdin']
  const { result } = await runAndSignal('/api/auth/get-session', 'SIGKILL', argv, secrets)
  expect((await result).code).toBeNull()
  expect(await snoop(['whoami'])).toMatchObject({ code: 0 })
})

test('killed while a sign-in in the place of another is answered, the next one leaves one session', async () => {
  const argv = ['login', '--email', account.email, '--password-stdin']
  const { result } = await runAndSignal('/api/auth/sign-in/email', 'SIGKILL', argv, account.password)
  expect((await result).code).toBeNull()
  expect((await snoop(['whoami'])).code).toBe(4)
  expect(await login()).toMatchObject({ code: 0 })
  expect(await snoop(['sessions', 'revoke', '--others'])).toMatchObject({ code: 0 })
  expect(await snoop(['whoami'])).toMatchObject({ code: 0 })
})

test('asked to stop while a sign-in is answered, it waits; asked twice, it stops', async () => {
  const argv = ['login', '--email', account.email, '--password-stdin']
  const path = '/api/auth/sign-in/email'
  const { result, child } = await runAndSignal(path, 'SIGINT', argv, account.password)
  let isOver = false
  void result.then(() => {
    isOver = true
  })
  await snoop(['whoami'])
  expect(isOver).toBe(false)
  child?.kill('SIGINT')
  expect((await result).code).toBe(130)
})
