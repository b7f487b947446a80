import type { ChildProcess } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runSnoop, type SnoopResult } from './kit/run-snoop'
import { type StallingProxy, startStallingProxy } from './kit/stalling-proxy'
import { type Server, startServer } from './kit/start-server'
import { createHome } from './kit/temporary-home'

let server: Server
let proxy: StallingProxy
const { home, remove } = createHome()

const snoop = (
  argv: readonly string[],
  options: { stdin?: string; onStart?: (child: ChildProcess) => void } = {},
) => runSnoop(argv, { env: { HOME: home, SNOOP_URL: proxy.url, SNOOP_CREDENTIAL_STORE: 'file' }, ...options })

beforeAll(async () => {
  server = await startServer()
  proxy = await startStallingProxy(server.url)
  const { email, password } = await server.createAccount('ada')
  await snoop(['login', '--email', email, '--password-stdin'], { stdin: password })
  await snoop(['keys', 'create', '--name', 'laptop', '--scopes', 'all', '--use'])
})
afterAll(async () => {
  await proxy.stop()
  await server.stop()
  remove()
})

/** Rotates until the answer to that path is withheld, then kills the process without warning. */
const rotateAndKill = async (path: string): Promise<SnoopResult> => {
  proxy.stall(path)
  const stalled = proxy.stalled()
  let running: ChildProcess | undefined
  const result = snoop(['keys', 'rotate'], {
    onStart: child => {
      running = child
    },
  })
  await stalled
  running?.kill('SIGKILL')
  proxy.stall(undefined)
  return result
}

test.each(['/api/auth/api-key/rotate', '/api/user/me', '/api/auth/api-key/delete'])(
  'killed while the answer of %s is on its way, a key still works and the next run finishes',
  async path => {
    expect((await rotateAndKill(path)).code).toBeNull()
    expect(await snoop(['whoami'])).toMatchObject({ code: 0 })
    const resumed = await snoop(['keys', 'rotate', '--json'])
    expect(resumed).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(resumed.stdout).outcome).toBe('resumed')
    const live = JSON.parse((await snoop(['keys', 'list', '--json'])).stdout)
    expect(live.map((key: { id: string }) => key.id)).toEqual([JSON.parse(resumed.stdout).id])
    expect(await snoop(['whoami'])).toMatchObject({ code: 0 })
  },
)
