import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runSnoop, type SnoopResult } from './kit/run-snoop'
import { type Account, type Server, startServer } from './kit/start-server'
import { createHome } from './kit/temporary-home'
import { totpCode } from './kit/totp'

let server: Server
let ada: Person
let grace: Person
const { home, remove } = createHome()

/** A person with a profile of their own, signed in. */
const signIn = async (account: Account) => {
  const env = {
    HOME: home,
    SNOOP_URL: server.url,
    SNOOP_CREDENTIAL_STORE: 'file',
    SNOOP_PROFILE: account.email.split('@')[0] ?? '',
  }
  const snoop = (argv: readonly string[], stdin = ''): Promise<SnoopResult> => runSnoop(argv, { env, stdin })
  const ok = async (argv: readonly string[], stdin?: string): Promise<string> => {
    const { code, stdout, stderr } = await snoop(argv, stdin)
    expect({ argv, code, stderr: code === 0 ? '' : stderr }).toEqual({ argv, code: 0, stderr: '' })
    return stdout
  }
  await ok(['login', '--email', account.email, '--password-stdin'], account.password)
  return {
    email: account.email,
    snoop,
    ok,
    json: async (argv: readonly string[]) => JSON.parse(await ok([...argv, '--json'])),
    /** The error of a command that fails. */
    refused: async (argv: readonly string[], stdin?: string) => {
      const { stderr } = await snoop([...argv, '--json'], stdin)
      return JSON.parse(stderr).error
    },
  }
}

type Person = Awaited<ReturnType<typeof signIn>>

const config = (): string => readFileSync(join(home, '.config/snoop/config.json'), 'utf8')
const linkTo = async ({ email }: Person): Promise<string> =>
  (await server.mailTo(email, 'You are invited')).link ?? ''

beforeAll(async () => {
  server = await startServer()
  ada = await signIn(await server.createAccount('ada'))
  grace = await signIn(await server.createAccount('grace'))
})
afterAll(async () => {
  await server.stop()
  remove()
})

describe('an organization from its beginning to its end', () => {
  test('it is made and worked in', async () => {
    const made = await ada.json(['orgs', 'create', 'Acme Ltd', '--slug', 'acme', '--use'])
    expect(made).toMatchObject({ name: 'Acme Ltd', slug: 'acme', role: 'owner', memberCount: 1 })
    expect(await ada.json(['orgs', 'show'])).toMatchObject({ id: made.id })
    expect(await ada.json(['orgs', 'update', '--name', 'Acme'])).toMatchObject({ name: 'Acme' })
    expect(await grace.refused(['orgs', 'create', 'Other', '--slug', 'acme'])).toMatchObject({
      code: 'CONFLICT',
      exit: 6,
      hint: 'Choose another slug.',
    })
    expect((await grace.refused(['orgs', 'show', 'acme'])).exit).toBe(3)
  })

  test('somebody is invited, and accepts by the link from the mail, once', async () => {
    expect(await ada.refused(['invites', 'send', grace.email, 'alan'])).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: expect.stringMatching(/^alan: /),
    })
    const [sent] = await ada.json(['invites', 'send', grace.email, '--role', 'admin'])
    expect(sent).toMatchObject({ email: grace.email, role: 'admin', status: 'pending' })
    expect((await ada.json(['invites', 'list']))[0].id).toBe(sent.id)
    const link = await linkTo(grace)
    expect(link).toContain('/invites#')
    expect(await ada.refused(['invites', 'accept', '-'], link)).toMatchObject({
      code: 'FORBIDDEN',
      exit: 5,
      hint: expect.stringContaining(grace.email),
    })
    expect((await grace.snoop(['invites', 'accept', link])).code).toBe(2)
    const joined = await grace.snoop(['invites', 'accept', '-', '--verbose'], link)
    expect(joined.code).toBe(0)
    expect(joined.stderr).not.toContain(new URL(link).hash.slice(1))
    expect(joined.stderr).toContain(`snoop orgs use ${joined.stdout.trim()}`)
    await grace.ok(['orgs', 'use', joined.stdout.trim()])
    expect((await grace.refused(['invites', 'accept', '-'], link)).code).toBe('INVALID_TOKEN')
  })

  test('an invitation is sent again no sooner than after a minute, and cancelled', async () => {
    const invited = 'alan@example.com'
    await ada.ok(['invites', 'send', invited])
    const again = await ada.refused(['invites', 'resend', 'Alan@example.com'])
    expect(again).toMatchObject({ code: 'RATE_LIMIT_ERROR', exit: 7 })
    expect(again.retryAfter).toBeGreaterThan(0)
    await ada.ok(['invites', 'cancel', invited])
    expect((await ada.refused(['invites', 'cancel', invited])).exit).toBe(3)
    expect(await ada.json(['invites', 'list'])).toEqual([])
  })

  test('members are listed, and their roles changed by who may', async () => {
    expect((await ada.json(['members', 'list', '--role', 'admin'])).map((m: Member) => m.email)).toEqual([
      grace.email,
    ])
    expect(await grace.refused(['members', 'role', ada.email, 'member'])).toMatchObject({
      code: 'INSUFFICIENT_PERMISSIONS',
      exit: 5,
      hint: expect.stringContaining('snoop members list --role owner'),
    })
    const leaving = await ada.refused(['orgs', 'leave', '--yes'])
    expect(leaving).toMatchObject({ code: 'CONFLICT', hint: expect.stringContaining('snoop orgs transfer') })
    expect((await ada.refused(['members', 'remove', ada.email, '--yes'])).exit).toBe(6)
  })

  test('a second factor is required by who has one', async () => {
    const require = ['orgs', 'mfa', 'require', '--grace-days', '0']
    expect(await ada.refused(require)).toMatchObject({
      code: 'CONFLICT',
      hint: expect.stringContaining('snoop 2fa enable'),
    })
    const { secret } = await ada.json(['2fa', 'enable'])
    await ada.ok(['2fa', 'enable', '--code-stdin'], totpCode(secret))
    expect(await ada.json([...require, '--dry-run'])).toMatchObject({
      dryRun: true,
      impact: { members: 2, compliant: 1, inGrace: 0, lockedOut: 1 },
    })
    expect(await ada.json(['orgs', 'mfa'])).toMatchObject({ required: false })
    await ada.ok(require)
    const compliance = ['orgs', 'mfa', 'compliance', '--fail-if-noncompliant']
    expect(await ada.refused(compliance)).toMatchObject({ code: 'mfa.noncompliant', exit: 1 })
  })

  test('who has none is let in no more, and may leave', async () => {
    expect(await grace.refused(['members', 'list'])).toMatchObject({
      code: 'MFA_REQUIRED',
      exit: 8,
      hint: expect.stringContaining('snoop 2fa enable'),
    })
    await grace.ok(['orgs', 'leave', '--yes'])
    expect(await grace.json(['orgs', 'list'])).toMatchObject([{ slug: 'grace' }])
    await ada.ok(['orgs', 'mfa', 'off'])
  })

  test('it is handed over with a fresh session', async () => {
    server.tamper('update guess_counters set blocked_until = 0') // as if the minute after her first invitation were over
    await ada.ok(['invites', 'send', grace.email])
    await grace.ok(['invites', 'accept', '-'], await linkTo(grace))
    server.ageSessions(3_600_000)
    const transfer = ['orgs', 'transfer', 'acme', '--to', grace.email, '--yes']
    expect(await ada.refused(transfer)).toMatchObject({ code: 'FRESH_SESSION_REQUIRED', exit: 4 })
    server.ageSessions(-3_600_000)
    expect(await ada.json(transfer)).toMatchObject({ email: grace.email, role: 'owner' })
    expect((await ada.refused(['orgs', 'delete', 'acme', '--confirm', 'acme'])).exit).toBe(5)
  })

  test('its new owner deletes it by its name, to the letter', async () => {
    await grace.ok(['orgs', 'use', 'acme'])
    expect((await grace.refused(['orgs', 'delete', 'acme', '--yes'])).exit).toBe(2)
    expect((await grace.refused(['orgs', 'delete', 'acme', '--confirm', 'ACME'])).exit).toBe(2)
    await grace.ok(['orgs', 'delete', 'acme', '--confirm', 'acme'])
    expect(await grace.json(['orgs', 'list'])).toMatchObject([{ slug: 'grace' }])
    expect(config().match(/"slug": "acme"/g)).toHaveLength(1)
    expect((await ada.refused(['orgs', 'show'])).exit).toBe(3)
  })
})

interface Member {
  readonly email: string
}
