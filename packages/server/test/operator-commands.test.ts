import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { type SpawnedServer, spawnProgram, spawnServer } from '../src/testing/spawn-server'

const password = 'a-long-secure-passphrase'

/** Runs the program to its end. */
const run = async (args: readonly string[], env: Record<string, string> = {}) => {
  const { output, ended } = spawnProgram(args, env)
  const code = await ended
  // A sentence for people, never a stack.
  expect(output.stderr).not.toMatch(/^\s+at /m)
  return { code, ...output }
}

describeOnEachDatabase('an operator beside the running server', createDatabase => {
  let server: SpawnedServer
  let dataDir: string
  let env: Record<string, string>
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'snoop-operator-'))
    env = { SNOOP_DATABASE: await createDatabase(), SNOOP_DATA_DIR: dataDir }
    server = await spawnServer(['--rate-limit', 'signIn=off,signUp=off'], env)
  })
  afterAll(async () => {
    await server.end('SIGTERM')
    rmSync(dataDir, { recursive: true, force: true })
  })

  const call = async (path: string, headers: Record<string, string>, body?: unknown) => {
    const response = await fetch(server.url + path, {
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    })
    const answer = (await response.json()) as { code: string; data: { key: string } }
    const cookie = response.headers.getSetCookie().find(text => text.startsWith('snoop_session='))
    return { code: answer.code, data: answer.data, cookie: cookie?.split(';', 1)[0] ?? '' }
  }
  const signIn = (email: string) => call('/api/auth/sign-in/email', {}, { email, password })
  const who = async (credential: Record<string, string>) => (await call('/api/user/me', credential)).code

  test('disables and enables an account: it counts on the next request', async () => {
    const email = 'ada@example.com'
    await call('/api/auth/sign-up/email', {}, { email, password, name: 'Ada' })
    const { cookie } = await signIn(email)
    const key = (await call('/api/auth/api-key/create', { cookie }, { name: 'k', scopes: ['user:read'] }))
      .data.key
    const codes = async () => [await who({ cookie }), await who({ 'x-api-key': key })]
    expect(await codes()).toEqual(['OK', 'OK'])

    const disabled = await run(['disable-user', 'Ada@Example.com'], env)
    expect(disabled).toMatchObject({ code: 0, stdout: expect.stringContaining('is disabled') })
    expect(await codes()).toEqual(['USER_NOT_ACTIVE', 'USER_NOT_ACTIVE'])
    expect((await signIn(email)).code).toBe('USER_NOT_ACTIVE')
    expect((await run(['disable-user', email], env)).stdout).toContain('was disabled already')

    const enabled = await run(['enable-user', email], env)
    expect(enabled).toMatchObject({ code: 0, stdout: expect.stringContaining('is enabled') })
    expect(await codes()).toEqual(['INVALID_OR_EXPIRED_TOKEN', 'OK'])
    const again = await signIn(email)
    expect(again.code).toBe('OK')
    expect((await run(['enable-user', email], env)).stdout).toContain('was not disabled')
    expect(await who({ cookie: again.cookie })).toBe('OK')
  })

  test('is told of an unknown address', async () => {
    const { code, stdout, stderr } = await run(['disable-user', 'nobody@example.com'], env)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('There is no account with the address nobody@example.com')
  })
})

describe('an operator', () => {
  const folder = mkdtempSync(join(tmpdir(), 'snoop-operator-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('who names no address is told how, and the help lists the commands', async () => {
    const { code, stderr } = await run(['disable-user', '--data-dir', folder])
    expect(code).toBe(2)
    expect(stderr).toContain('snoop-server disable-user ada@example.com')
    const { stdout } = await run(['--help'])
    for (const command of ['disable-user EMAIL', 'enable-user EMAIL']) expect(stdout).toContain(command)
  })

  test('who names a wrong place makes no database there', async () => {
    const dataDir = join(folder, 'elsewhere')
    const { code, stderr } = await run(['enable-user', 'ada@example.com', '--data-dir', dataDir])
    expect(code).toBe(1)
    expect(stderr).toContain(`There is no database at ${dataDir}`)
    expect(existsSync(dataDir)).toBe(false)
  })
})
