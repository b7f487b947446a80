import { createPublicKey, verify } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { auditSignatureText } from '@snoop/sdk/contract'
import { TOTP } from 'otpauth'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { type SpawnedServer, spawnProgram, spawnServer } from '../src/testing/spawn-server'

const password = 'a-long-secure-passphrase'

/** The text of the first mail to an address with this subject, out of the folder that mails become files in. */
const waitForMail = async (folder: string, address: string, subject: RegExp): Promise<string> => {
  for (;;) {
    const names = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.eml')) : []
    for (const name of names) {
      const mail = await PostalMime.parse(readFileSync(join(folder, name)))
      const isTo = mail.to?.some(to => to.address === address)
      if (isTo && subject.test(mail.subject ?? '')) return mail.text ?? ''
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

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
    // biome-ignore lint/suspicious/noExplicitAny: data of many shapes
    const answer = (await response.json()) as { code: string; data: any }
    const cookie = response.headers.getSetCookie().find(text => text.startsWith('snoop_session='))
    return { code: answer.code, data: answer.data, cookie: cookie?.split(';', 1)[0] ?? '' }
  }
  const signIn = (email: string) => call('/api/auth/sign-in/email', {}, { email, password })
  /** The newest entry of the log of the account's organization; its signature must be by the key of the running server. */
  const lastAudited = async (cookie: string) => {
    const organizations = await call('/api/user/organizations', { cookie })
    const path = `/api/user/organizations/${organizations.data[0].id}/audit-logs`
    const [entry] = (await call(path, { cookie })).data.logs
    const x = (await call(`${path}/chain`, { cookie })).data.publicKey
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } })
    const signature = Buffer.from(entry.signature, 'base64url')
    expect(verify(null, Buffer.from(auditSignatureText(entry.hash)), key, signature)).toBe(true)
    return entry
  }
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

  test('takes a lost second factor away: sessions end, the owner is told by the running server', async () => {
    const email = 'lost@example.com'
    await call('/api/auth/sign-up/email', {}, { email, password, name: 'Ada' })
    const outbox = join(dataDir, 'outbox')
    const verification = await waitForMail(outbox, email, /Confirm your e-mail address/)
    const token = /verify-email\?token=([\w-]+)/.exec(verification)?.[1]
    await call('/api/auth/verify-email', {}, { token })
    const { cookie } = await signIn(email)
    const enabled = await call('/api/auth/two-factor/enable', { cookie }, {})
    const secret = new URL(enabled.data.totpURI).searchParams.get('secret') ?? ''
    const code = new TOTP({ secret }).generate()
    const confirmed = await call('/api/auth/two-factor/verify-totp', { cookie }, { code })
    expect((await signIn(email)).cookie).toBe('')

    const reset = await run(['reset-two-factor', email], env)
    expect(reset).toMatchObject({ code: 0, stdout: expect.stringContaining('without a second factor') })
    expect(await who({ cookie: confirmed.cookie })).toBe('INVALID_OR_EXPIRED_TOKEN')
    expect(await who({ cookie: (await signIn(email)).cookie })).toBe('OK')
    await waitForMail(outbox, email, /Two-factor authentication was turned off/)
    expect((await run(['reset-two-factor', email], env)).stdout).toContain('has no second factor')
    const entry = await lastAudited((await signIn(email)).cookie)
    expect(entry).toMatchObject({
      action: 'member.two_factor_disabled',
      credentialType: 'system',
      userId: null,
    })
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
    for (const command of ['disable-user EMAIL', 'enable-user EMAIL', 'reset-two-factor EMAIL'])
      expect(stdout).toContain(command)
  })

  test('who names a wrong place makes no database there', async () => {
    const dataDir = join(folder, 'elsewhere')
    const { code, stderr } = await run(['enable-user', 'ada@example.com', '--data-dir', dataDir])
    expect(code).toBe(1)
    expect(stderr).toContain(`There is no database at ${dataDir}`)
    expect(existsSync(dataDir)).toBe(false)
  })
})
