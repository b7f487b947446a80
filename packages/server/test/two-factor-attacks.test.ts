import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listEndpoints } from '@snoop/sdk/contract'
import { Secret } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { sampleRequest } from '../src/testing/sample-input'
import { startTestServer, type TestAnswer, type TestServer } from '../src/testing/start-test-server'
import { snapshotTables } from '../src/testing/table-snapshot'
import { deviceOf, MINUTE, type TwoFactorKit, type TwoFactorUser, twoFactorKit } from './kit/two-factor-kit'

const codesOf = (answers: readonly TestAnswer[]) => answers.map(({ body }) => body.code as string)
const count = (codes: readonly string[], code: string) => codes.filter(found => found === code).length

describeOnEachDatabase('a second factor', (createDatabase, engine) => {
  let server: TestServer
  let kit: TwoFactorKit
  let databaseUrl: string
  beforeAll(async () => {
    databaseUrl = await createDatabase()
    server = await startTestServer({ databaseUrl })
    kit = twoFactorKit(server)
  })
  afterAll(() => server.stop())

  const verify = async (path: string, challengeToken: string | undefined, code: string, cookie?: string) =>
    (await kit.prove(path, { code, ...(challengeToken && { challengeToken }) }, cookie)).body.code as string
  const sessionCount = async (userId: string) =>
    (await snapshotTables(databaseUrl)).sessions?.filter(
      row => (row as { user_id: string }).user_id === userId,
    ).length

  describe('that is guessed at', () => {
    test.each([
      ['totp', ['/verify-totp', '/verify-backup-code']],
      ['email', ['/verify-otp', '/verify-backup-code']],
    ] as const)(
      'of an account with %s locks after five, over all factors; a new sign-in unlocks nothing',
      async (method, paths) => {
        const user = await kit.signUpWith(method)
        kit.advance(MINUTE)
        const wrong = user.secret ? kit.wrongTotp(user.secret) : kit.wrongCode()
        const right = user.backupCodes[0]!
        const first = await kit.begin(user)
        for (let n = 0; n < 5; n++) {
          // Each sign-in is a new one but for the first two guesses.
          const token = n < 2 ? first : await kit.begin(user)
          expect(await verify(paths[n % 2]!, token, wrong)).toBe('INVALID_CODE')
        }
        for (const token of [first, await kit.begin(user)]) {
          const refused = await kit.prove('/verify-backup-code', { challengeToken: token, code: right })
          expect([refused.status, refused.body.code]).toEqual([429, 'RATE_LIMIT_ERROR'])
          expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
          expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60)
        }
        kit.advance(MINUTE)
        const token = await kit.begin(user)
        expect(await verify(paths[0], token, wrong)).toBe('INVALID_CODE')
        const wait = await kit.prove('/verify-backup-code', { challengeToken: token, code: right })
        expect(wait.body.code).toBe('RATE_LIMIT_ERROR')
        expect(Number(wait.headers.get('retry-after'))).toBeGreaterThan(60)
        kit.advance(2 * MINUTE)
        expect(await verify('/verify-backup-code', token, right)).toBe('OK')
      },
    )

    test('by a session that somebody took over counts the same', async () => {
      const user = await kit.signUpWith('totp')
      kit.advance(MINUTE)
      for (let n = 0; n < 5; n++) {
        expect(await verify('/verify-totp', undefined, kit.wrongTotp(user.secret), user.cookie)).toBe(
          'INVALID_CODE',
        )
      }
      const right = kit.totp(user.secret)
      expect(await verify('/verify-totp', undefined, right, user.cookie)).toBe('RATE_LIMIT_ERROR')
      expect(await verify('/verify-totp', await kit.begin(user), right)).toBe('RATE_LIMIT_ERROR')
    })

    test('a hundred times at once, by way of two servers, is checked five times', async () => {
      const user = await kit.signUpWith('totp')
      const tokens = await Promise.all([kit.begin(user), kit.begin(user), kit.begin(user)])
      const code = kit.wrongTotp(user.secret)
      const sibling = await startTestServer({
        databaseUrl,
        secretFile: join(server.dataDir, 'instance-secret'),
      })
      sibling.advance(kit.offsetMs())
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, n) => {
          const path = n % 3 ? '/verify-totp' : '/verify-backup-code'
          const body = { challengeToken: tokens[n % tokens.length], code }
          return (n % 2 ? server : sibling).call('POST', `/api/auth/two-factor${path}`, { body })
        }),
      )
      await sibling.stop()
      const codes = codesOf(answers)
      expect([count(codes, 'INVALID_CODE'), count(codes, 'RATE_LIMIT_ERROR')]).toEqual([5, 95])
    })

    test('is told in the history of sign-ins', async () => {
      const user = await kit.signUpWith('totp')
      await verify('/verify-totp', await kit.begin(user), kit.wrongTotp(user.secret))
      await server.restart()
      const { login_events: events } = await snapshotTables(databaseUrl)
      const failed = events?.filter(row => {
        const { user_id, success } = row as { user_id: string; success: number }
        return user_id === user.id && success === 0
      })
      expect(failed).toMatchObject([{ method: 'password', ip_address: '127.0.0.1' }])
    })
  })

  describe('that is used again', () => {
    test('by the same right code in ten sign-ins at once opens one session', async () => {
      const user = await kit.signUpWith('totp')
      const code = kit.newTotp(user.secret)
      for (const [path, right] of [
        ['/verify-totp', code],
        ['/verify-backup-code', user.backupCodes[0]!],
      ] as const) {
        const before = (await sessionCount(user.id)) ?? 0
        const tokens: string[] = []
        for (let n = 0; n < 10; n++) tokens.push(await kit.begin(user))
        const codes = await Promise.all(tokens.map(token => verify(path, token, right)))
        expect(count(codes, 'OK')).toBe(1)
        expect(await sessionCount(user.id)).toBe(before + 1)
        kit.advance(MINUTE)
        // A right code starts the count of guesses again.
        expect(await verify('/verify-totp', await kit.begin(user), kit.newTotp(user.secret))).toBe('OK')
      }
    })

    test('is refused in another sign-in and with a session, as is an older code', async () => {
      const user = await kit.signUpWith('totp')
      const code = kit.newTotp(user.secret)
      const older = kit.totp(user.secret, -1)
      expect(await verify('/verify-totp', await kit.begin(user), code)).toBe('OK')
      expect(await verify('/verify-totp', await kit.begin(user), code)).toBe('INVALID_CODE')
      expect(await verify('/verify-totp', await kit.begin(user), older)).toBe('INVALID_CODE')
      expect(await verify('/verify-totp', undefined, code, user.cookie)).toBe('INVALID_CODE')
    })
  })

  describe('of one flow', () => {
    test('does not count in another: a mailed code is for the sign-in or session that asked', async () => {
      const user = await kit.signUpWith('email')
      const stranger = await kit.signUpWith('email')
      kit.advance(MINUTE)
      const [mine, other, theirs] = [await kit.begin(user), await kit.begin(user), await kit.begin(stranger)]
      await kit.prove('/send-otp', { challengeToken: mine })
      const code = await user.nextCode()
      expect(await verify('/verify-otp', other, code)).toBe('INVALID_CODE')
      expect(await verify('/verify-otp', theirs, code)).toBe('INVALID_CODE')
      expect(await verify('/verify-otp', undefined, code, user.cookie)).toBe('INVALID_CODE')
      expect(await verify('/verify-otp', mine, code)).toBe('OK')
      expect(await verify('/verify-otp', mine, code)).toBe('INVALID_TOKEN')
    })

    test('is not taken for another kind', async () => {
      const [app, mailbox] = [await kit.signUpWith('totp'), await kit.signUpWith('email')]
      kit.advance(MINUTE)
      const [byApp, byMail] = [await kit.begin(app), await kit.begin(mailbox)]
      expect((await kit.prove('/send-otp', { challengeToken: byApp })).body.code).toBe('INVALID_TOKEN')
      expect((await kit.prove('/send-otp', {}, app.cookie)).body.code).toBe('CONFLICT')
      await kit.prove('/send-otp', { challengeToken: byMail })
      const mailed = await mailbox.nextCode()
      const shown = kit.totp(app.secret)
      expect(await verify('/verify-otp', byApp, shown)).toBe('INVALID_CODE')
      expect(await verify('/verify-totp', byMail, mailed)).toBe('INVALID_CODE')
      expect(await verify('/verify-backup-code', byApp, shown)).toBe('INVALID_CODE')
      expect(await verify('/verify-backup-code', byMail, mailed)).toBe('INVALID_CODE')
      expect(await verify('/verify-otp', byMail, mailed)).toBe('OK')
    })

    test('by a link from the same mailbox asks for a backup code alone', async () => {
      const user = await kit.signUpWith('email')
      kit.advance(MINUTE)
      await kit.post('/sign-in/magic-link', { email: user.email })
      const token = /magic-link\S*token=([\w-]+)/.exec(await user.nextMail())?.[1]
      const { body } = await kit.post('/magic-link/verify', { token })
      expect(body.data.methods).toEqual(['backup-code'])
      const { challengeToken } = body.data
      expect((await kit.prove('/send-otp', { challengeToken })).body.code).toBe('INVALID_TOKEN')
      expect(await verify('/verify-backup-code', challengeToken, user.backupCodes[0]!)).toBe('OK')
    })
  })

  describe('cannot be gone around', () => {
    test('what is handed out before it opens no route of a session', async () => {
      const user = await kit.signUpWith('totp')
      const { cookies, body } = await kit.signIn(user)
      expect(cookies).toEqual([])
      const { challengeToken } = body.data
      const routes = listEndpoints().filter(({ endpoint }) => endpoint.access.kind === 'session')
      expect(routes.length).toBeGreaterThan(10)
      for (const { name, endpoint } of routes) {
        const { method, path, body } = sampleRequest(endpoint, {})
        const tries = [
          {},
          { cookie: `snoop_session=${challengeToken}` },
          { cookie: `snoop_device=${challengeToken}` },
          { key: challengeToken },
          { headers: { authorization: `Bearer ${challengeToken}` } },
        ]
        for (const call of tries) {
          const { status } = await server.call(method, path, { ...call, ...(body && { body }) })
          expect([name, status]).toEqual([name, 401])
        }
      }
    })

    test('by a reset of the password: signing in still asks, and what waited before is dead', async () => {
      const user = await kit.signUpWith('totp')
      const trusted = await trust(user)
      const waiting = await kit.begin(user)
      await kit.post('/request-password-reset', { email: user.email })
      const token = /reset-password\S*token=([\w-]+)/.exec(await user.nextMail())?.[1]
      const password = 'another secure passphrase'
      expect((await kit.post('/reset-password', { token, newPassword: password })).status).toBe(200)
      expect(await verify('/verify-backup-code', waiting, user.backupCodes[0]!)).toBe('INVALID_TOKEN')
      const asked = await kit.signIn({ ...user, password }, deviceOf(trusted))
      expect([asked.cookie, asked.body.data.twoFactorRequired]).toEqual([undefined, true])
      expect(await verify('/verify-backup-code', asked.body.data.challengeToken, user.backupCodes[0]!)).toBe(
        'OK',
      )
    })

    const trust = async (user: TwoFactorUser) =>
      kit.prove('/verify-totp', {
        challengeToken: await kit.begin(user),
        code: kit.newTotp(user.secret),
        trustDevice: true,
      })

    test('by a device that another user has trusted, or a cookie that somebody made up', async () => {
      const [ada, bob] = [await kit.signUpWith('totp'), await kit.signUpWith('totp')]
      const device = deviceOf(await trust(ada))
      expect((await kit.signIn(ada, device)).cookie).toBeDefined()
      for (const cookie of [device, `snoop_device=${'A'.repeat(43)}`, 'snoop_device=']) {
        expect((await kit.signIn(bob, cookie)).cookie).toBeUndefined()
      }
      expect(await verify('/verify-totp', await kit.begin(bob, device), kit.newTotp(bob.secret))).toBe('OK')
      // Known to both now, and trusted by one.
      expect((await kit.signIn(bob, device)).cookie).toBeUndefined()
      expect((await kit.signIn(ada, device)).cookie).toBeDefined()
    })

    test('by a device that was trusted before a change of password', async () => {
      const user = await kit.signUpWith('totp')
      const trusted = await trust(user)
      const newPassword = 'another secure passphrase'
      const body = { currentPassword: user.password, newPassword }
      expect((await kit.post('/change-password', body, trusted.cookie)).status).toBe(200)
      const asked = await kit.signIn({ ...user, password: newPassword }, deviceOf(trusted))
      expect([asked.cookie, asked.body.data.twoFactorRequired]).toEqual([undefined, true])
    })

    test('by a device that was trusted before it was turned off and on again', async () => {
      const user = await kit.signUpWith('totp')
      const trusted = await trust(user)
      const off = await kit.prove('/disable', {}, trusted.cookie)
      const { secret } = await kit.enable(off.cookie!)
      await kit.prove('/verify-totp', { code: kit.totp(secret) }, off.cookie)
      const asked = await kit.signIn(user, deviceOf(trusted))
      expect([asked.cookie, asked.body.data.twoFactorRequired]).toEqual([undefined, true])
      const { challengeToken } = asked.body.data
      expect(await verify('/verify-totp', challengeToken, kit.newTotp(user.secret))).toBe('INVALID_CODE')
      expect(await verify('/verify-totp', challengeToken, kit.totp(secret))).toBe('OK')
    })

    test('by a page of a foreign origin in the browser of somebody who is signed in', async () => {
      const { cookie, secret } = await kit.signUpWith('totp')
      const headers = { origin: 'https://evil.example' }
      const body = { code: kit.newTotp(secret) }
      for (const path of ['verify-totp', 'send-otp', 'disable', 'generate-backup-codes', 'enable']) {
        const answer = await server.call('POST', `/api/auth/two-factor/${path}`, { cookie, headers, body })
        expect([path, answer.body.code]).toEqual([path, 'ORIGIN_NOT_ALLOWED'])
      }
    })
  })

  test('is nowhere to be read: not in the database, the log, or mails but the one with a code', async () => {
    const [app, mailbox] = [await kit.signUpWith('totp'), await kit.signUpWith('email')]
    kit.advance(MINUTE)
    await verify('/verify-totp', await kit.begin(app), kit.totp(app.secret))
    await verify('/verify-backup-code', await kit.begin(app), app.backupCodes[0]!)
    await verify('/verify-backup-code', await kit.begin(app), app.backupCodes[0]!)
    const challengeToken = await kit.begin(mailbox)
    await kit.prove('/send-otp', { challengeToken })
    const code = await mailbox.nextCode()
    const tables = await snapshotTables(databaseUrl)
    const row = tables.two_factors?.find(found => (found as { user_id: string }).user_id === mailbox.id)
    expect(row).toMatchObject({ code_hash: expect.stringMatching(/^[\w-]{43}$/), sealed_secret: null })
    expect(Object.values(row as object)).not.toContain(code)
    expect(server.log()).not.toContain(`"${code}"`)
    expect(await server.secrets.findLeaks(server.dataDir, databaseUrl, server.log())).toEqual([])
    if (engine === 'sqlite') {
      const raw = Buffer.from(Secret.fromBase32(app.secret).bytes)
      const folder = dirname(databaseUrl.slice('sqlite:'.length))
      const files = readdirSync(folder).map(name => readFileSync(join(folder, name)))
      expect(files.length).toBeGreaterThan(0)
      expect(files.some(file => file.includes(raw))).toBe(false)
    }
  })
})
