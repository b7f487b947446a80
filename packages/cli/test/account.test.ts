import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runSnoop, type SnoopResult } from './kit/run-snoop'
import { type Account, type Server, startServer } from './kit/start-server'
import { createHome } from './kit/temporary-home'
import { totpCode } from './kit/totp'

let server: Server
const { home, remove } = createHome()

beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  remove()
})

/** A person with a profile of their own. */
const personOf = (account: Account, profile: string) => {
  const env = (): Record<string, string> => ({
    HOME: home,
    SNOOP_URL: server.url,
    SNOOP_CREDENTIAL_STORE: 'file',
    SNOOP_PROFILE: profile,
  })
  const snoop = (argv: readonly string[], stdin = ''): Promise<SnoopResult> =>
    runSnoop(argv, { env: env(), stdin })
  const ok = async (argv: readonly string[], stdin?: string): Promise<string> => {
    const { code, stdout, stderr } = await snoop(argv, stdin)
    expect({ argv, code, stderr: code === 0 ? '' : stderr }).toMatchObject({ argv, code: 0, stderr: '' })
    return stdout
  }
  const login = (secrets: string = account.password, ...more: string[]): Promise<SnoopResult> =>
    snoop(['login', '--email', account.email, '--password-stdin', ...more], secrets)
  return {
    snoop,
    ok,
    login,
    json: async (argv: readonly string[], stdin?: string) => JSON.parse(await ok([...argv, '--json'], stdin)),
    code: async (...argv: string[]) => (await snoop(argv)).code,
  }
}

type Person = ReturnType<typeof personOf>

describe('a second factor', () => {
  let ada: Person
  let account: Account
  let secret: string
  let backupCodes: readonly string[]
  beforeAll(async () => {
    account = await server.createAccount('ada')
    ada = personOf(account, 'ada')
    await ada.login()
  })

  test('is set up without a terminal, and the session goes on', async () => {
    const begun = await ada.json(['2fa', 'enable'])
    ;({ secret, backupCodes } = begun)
    expect(begun).toMatchObject({ enabled: false, method: 'totp' })
    expect((await ada.json(['2fa', 'status'])).enabled).toBe(false)
    expect((await ada.snoop(['2fa', 'enable', '--code-stdin'], '000000')).code).toBe(6)
    await ada.ok(['2fa', 'enable', '--code-stdin'], totpCode(secret))
    expect(await ada.json(['2fa', 'status'])).toMatchObject({ enabled: true, backupCodesLeft: 10 })
    expect(await ada.ok(['whoami'])).toBe(`${account.email}\n`)
  })

  test('is asked for at the next sign-in', async () => {
    await ada.ok(['logout'])
    expect((await ada.login()).code).toBe(2)
    expect((await ada.login(`${account.password}\n000000\n`)).code).toBe(6)
    expect(await ada.code('whoami')).toBe(4)
    expect((await ada.login(`${account.password}\n${totpCode(secret, 1)}\n`)).code).toBe(0)
    expect(await ada.code('whoami')).toBe(0)
  })

  test('may be a backup code, once', async () => {
    const secrets = `${account.password}\n${backupCodes[0]}\n`
    expect((await ada.login(secrets)).code).toBe(0)
    expect((await ada.login(secrets)).code).toBe(6)
    expect((await ada.json(['2fa', 'status'])).backupCodesLeft).toBe(9)
  })

  test('is not asked of a machine that is trusted, which the server knows by its cookie', async () => {
    await ada.login(`${account.password}\n${backupCodes[1]}\n`, '--trust-device')
    await ada.ok(['logout'])
    expect((await ada.login()).code).toBe(0)
    const devices = await ada.json(['devices', 'list'])
    expect(devices).toMatchObject([{ current: true }])
    expect(server.countMails(account.email, 'sign-in')).toBe(0)
    await ada.ok(['devices', 'revoke', devices[0].id])
    expect((await ada.login()).code).toBe(2)
  })

  test('gets new backup codes, and is turned off', async () => {
    const file = join(home, 'codes.txt')
    await ada.ok(['2fa', 'backup-codes', '--yes', '--backup-codes-file', file])
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const [first = ''] = readFileSync(file, 'utf8').split('\n')
    expect((await ada.login(`${account.password}\n${backupCodes[2]}\n`)).code).toBe(6)
    expect((await ada.login(`${account.password}\n${first}\n`)).code).toBe(0)
    await ada.ok(['2fa', 'disable', '--yes'])
    expect(await ada.code('whoami')).toBe(0)
    expect((await ada.login()).code).toBe(0)
  })

  test('may be the mailbox', async () => {
    await ada.json(['2fa', 'enable', '--method', 'email'])
    const { code } = await server.mailTo(account.email, 'security code')
    await ada.ok(['2fa', 'enable', '--method', 'email', '--code-stdin'], code)
    expect(await ada.json(['2fa', 'status'])).toMatchObject({ enabled: true, method: 'email' })
    expect((await ada.login()).code).toBe(2)
    expect(await ada.code('whoami')).toBe(0)
  })
})

describe('a session that is not fresh any more', () => {
  test('is told so; the password that comes anyway is proof enough', async () => {
    const account = await server.createAccount('grace')
    const grace = personOf(account, 'grace')
    await grace.login()
    server.ageSessions(3_600_000)
    const refused = await grace.snoop(['email', 'change', 'grace@example.org', '--json'])
    expect(refused.code).toBe(4)
    expect(JSON.parse(refused.stderr).error).toMatchObject({ code: 'FRESH_SESSION_REQUIRED' })
    await grace.ok(['password', 'change', '--password-stdin'], `${account.password}\na newer passphrase\n`)
    const [session] = await grace.json(['sessions', 'list'])
    expect((await grace.json(['status'])).credentials[0].id).toBe(session.id)
    expect(await grace.ok(['email', 'change', 'grace@example.org'])).toBe('grace@example.org\n')
  })
})

describe('links from mails', () => {
  let account: Account
  let alan: Person
  beforeAll(async () => {
    account = await server.createAccount('alan')
    alan = personOf(account, 'alan')
  })

  test('sign in, once', async () => {
    expect(await alan.code('login', '--magic-link', '--email', account.email)).toBe(8)
    const { link } = await server.mailTo(account.email, 'link to sign in')
    await alan.ok(['login', '--token-stdin'], link)
    expect(await alan.ok(['whoami'])).toBe(`${account.email}\n`)
    expect((await alan.snoop(['login', '--token-stdin'], link)).code).toBe(6)
    expect(await alan.code('whoami')).toBe(0)
  })

  test('set a new password, which ends every session', async () => {
    expect(await alan.code('password', 'reset', '--email', account.email)).toBe(8)
    const { link } = await server.mailTo(account.email, 'Reset your password')
    const elsewhere = link?.replace(server.url, 'http://evil.example')
    const reset = ['password', 'reset', '--token-stdin']
    expect((await alan.snoop(reset, `${elsewhere}\na newer passphrase\n`)).code).toBe(2)
    await alan.ok(reset, `${link}\na newer passphrase\n`)
    expect(await alan.code('whoami')).toBe(4)
    expect((await alan.login()).code).toBe(4)
    expect((await alan.login('a newer passphrase')).code).toBe(0)
  })

  test('give the account another address; the session that asked for it goes on', async () => {
    await alan.ok(['email', 'change', 'alan@example.org'])
    const { link } = await server.mailTo('alan@example.org', 'new e-mail address')
    await alan.ok(['email', 'verify', '--token-stdin'], link)
    expect(await alan.ok(['whoami'])).toBe('alan@example.org\n')
  })

  test('are asked for in the same way for an address that nobody has', async () => {
    const nobody = 'nobody@example.com'
    for (const argv of [
      ['login', '--magic-link', '--email', nobody],
      ['password', 'reset', '--email', nobody],
    ]) {
      expect(await alan.code(...argv)).toBe(8)
    }
    expect(await alan.code('email', 'verify', '--email', nobody)).toBe(0)
  })
})

describe('the rest of an account', () => {
  let account: Account
  let here: Person
  let there: Person
  beforeAll(async () => {
    account = await server.createAccount('mary')
    here = personOf(account, 'desk')
    there = personOf(account, 'phone')
    await here.login()
    await there.login()
  })

  test('sessions are ended: others, then all', async () => {
    expect((await here.ok(['sessions', 'list', '-q'])).trimEnd().split('\n').length).toBe(2)
    await here.ok(['sessions', 'revoke', '--others'])
    expect([await here.code('whoami'), await there.code('whoami')]).toEqual([0, 4])
    await here.ok(['sessions', 'revoke', '--all'])
    expect(await here.code('whoami')).toBe(4)
    await here.login()
  })

  test('a second sign-in leaves one session', async () => {
    await here.login()
    expect((await here.json(['sessions', 'list'])).length).toBe(1)
  })

  test('it is shown, changed and exported', async () => {
    await here.ok(['account', 'update', '--name', 'Mary S.', '--handle', 'mary-s', '--marketing-mail', 'off'])
    expect(await here.json(['account', 'show'])).toMatchObject({
      fullName: 'Mary S.',
      handle: 'mary-s',
      emailPreferences: { marketingOptOut: true },
    })
    const file = join(home, 'mary.json')
    await here.ok(['account', 'export', '--out', file])
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ user: { fullName: 'Mary S.' } })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect((await here.json(['account', 'history', '--limit', '1']))[0]).toMatchObject({ success: true })
    expect(await here.json(['passkeys', 'list'])).toEqual([])
  })

  test('it is deleted, and its credentials are gone from this machine', async () => {
    await here.ok(['keys', 'create', '--name', 'laptop', '--scopes', 'all', '--use'])
    await here.ok(['account', 'delete', '--yes'])
    const credentials = readFileSync(join(home, '.local/state/snoop/credentials.json'), 'utf8')
    expect(credentials).not.toContain('/desk@')
    expect(await here.code('whoami')).toBe(4)
    expect((await here.login()).code).toBe(4)
  })
})
