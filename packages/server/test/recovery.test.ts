import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { startTestServer, type TestServer } from '../src/testing/start-test-server'
import { MINUTE, NEW_PASSWORD, type RecoveryKit, recoveryKit } from './kit/recovery-kit'

describeOnEachDatabase('recovery', createDatabase => {
  let server: TestServer
  let kit: RecoveryKit
  let counter = 0
  beforeAll(async () => {
    server = await startTestServer({
      databaseUrl: await createDatabase(),
      trustedOrigins: ['https://app.example.com'],
    })
    kit = recoveryKit(server)
  })
  afterAll(() => server.stop())

  describe('a forgotten password', () => {
    test('is set anew by the link from the mail: every session ends, keys live on, and it is told', async () => {
      const person = await kit.newPerson()
      const other = (await kit.signIn(person)).cookie
      const { key } = await server.createKey(person)
      expect((await kit.askFor.reset(person.email)).body.data).toEqual({ passwordResetEmailSent: true })
      const link = await kit.linkIn(person.email, 'reset')
      const opened = await kit.open(link)
      expect([opened.status, opened.headers.get('location')]).toEqual([
        302,
        `${server.url}/reset-password#token=${kit.tokenOf(link)}`,
      ])
      expect((await kit.open(link)).status).toBe(302)
      expect(await kit.isLive(person.cookie)).toBe(true)
      const answer = await kit.resetBy(kit.tokenOf(link))
      expect([answer.status, answer.body.data, answer.cookies]).toEqual([200, { passwordReset: true }, []])
      expect([await kit.isLive(person.cookie), await kit.isLive(other)]).toEqual([false, false])
      expect((await server.call('GET', '/api/user/me', { key })).status).toBe(200)
      expect((await kit.signIn(person)).body.code).toBe('INVALID_CREDENTIALS')
      expect((await kit.signIn({ ...person, password: NEW_PASSWORD })).status).toBe(200)
      const notice = await server.mail(person.email, 1, /was reset/)
      expect(notice.text).toContain('One API key keeps working')
      expect((await kit.resetBy(kit.tokenOf(link))).body.code).toBe('INVALID_TOKEN')
      expect((await kit.open(link)).body.code).toBe('INVALID_TOKEN')
    })

    test('is set by one of twenty at once', async () => {
      const person = await kit.newPerson()
      await kit.askFor.reset(person.email)
      const token = kit.tokenOf(await kit.linkIn(person.email, 'reset'))
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => kit.resetBy(token, `${NEW_PASSWORD} ${index}`)),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(400)])
      const winner = answers.findIndex(({ status }) => status === 200)
      expect((await kit.signIn({ ...person, password: `${NEW_PASSWORD} ${winner}` })).status).toBe(200)
    })

    test('leads to the page that was asked for, with the token in the fragment alone', async () => {
      const { email } = await kit.newPerson()
      await kit.askFor.reset(email, { callbackURL: 'https://app.example.com/reset?x=1' })
      const link = await kit.linkIn(email, 'reset')
      expect((await kit.open(link)).headers.get('location')).toBe(
        `https://app.example.com/reset?x=1#token=${kit.tokenOf(link)}`,
      )
    })

    test('is not replaced by a common one, nor by a short one, and the link stays good', async () => {
      const { email } = await kit.newPerson()
      await kit.askFor.reset(email)
      const token = kit.tokenOf(await kit.linkIn(email, 'reset'))
      for (const weak of ['password123', 'short']) {
        const answer = await kit.resetBy(token, weak)
        expect(answer.body.meta.errors).toMatchObject([{ field: 'newPassword', location: 'body' }])
      }
      expect((await kit.resetBy(token)).status).toBe(200)
    })

    test('has a link for an hour', async () => {
      const { email } = await kit.newPerson()
      await kit.askFor.reset(email)
      const link = await kit.linkIn(email, 'reset')
      server.advance(60 * MINUTE)
      expect((await kit.open(link)).body.code).toBe('INVALID_TOKEN')
      expect((await kit.resetBy(kit.tokenOf(link))).body.code).toBe('INVALID_TOKEN')
    })
  })

  describe('a known password', () => {
    const change = (
      cookie: string | undefined,
      currentPassword: string | undefined,
      newPassword = NEW_PASSWORD,
    ) => kit.post('/change-password', { currentPassword, newPassword }, { cookie })

    test('is changed from a session, which gets another cookie, and every other one ends', async () => {
      const person = await kit.newPerson()
      const other = (await kit.signIn(person)).cookie
      const changed = await change(person.cookie, person.password)
      expect([changed.status, changed.body.data.revokedCount]).toEqual([200, 1])
      expect(changed.cookie).not.toBe(person.cookie)
      expect([
        await kit.isLive(person.cookie),
        await kit.isLive(other),
        await kit.isLive(changed.cookie),
      ]).toEqual([false, false, true])
      const sessions = await server.call('GET', '/api/auth/list-sessions', { cookie: changed.cookie })
      expect(sessions.body.data).toMatchObject([{ id: changed.body.data.session.id, current: true }])
      expect((await kit.signIn(person)).status).toBe(401)
      expect((await kit.signIn({ ...person, password: NEW_PASSWORD })).status).toBe(200)
      await server.mail(person.email, 1, /password was changed/)
    })

    test('is asked for, must be right, and must not stay', async () => {
      const { cookie, password } = await kit.newPerson()
      const fieldsOf = async (current: string | undefined, next?: string) =>
        (await change(cookie, current, next)).body.meta?.errors?.map(({ field }: { field: string }) => field)
      expect(await fieldsOf(undefined)).toEqual(['currentPassword'])
      expect(await fieldsOf(password, password)).toEqual(['newPassword'])
      expect(await fieldsOf(password, 'password123')).toEqual(['newPassword'])
      const wrong = await change(cookie, 'wrong password')
      expect([wrong.status, wrong.body.code, wrong.body.message]).toEqual([
        401,
        'INVALID_CREDENTIALS',
        'The current password is wrong',
      ])
      expect(await kit.isLive(cookie)).toBe(true)
    })

    test('is changed by a fresh session alone; proved again, it is fresh', async () => {
      const person = await kit.newPerson()
      const { key } = await server.createKey(person)
      server.advance(15 * MINUTE)
      expect((await change(person.cookie, person.password)).body.code).toBe('FRESH_SESSION_REQUIRED')
      const byKey = await kit.post('/change-password', { newPassword: NEW_PASSWORD }, { key })
      expect(byKey.body.code).toBe('NO_PERMISSIONS')
      const wrong = await kit.post(
        '/reauthenticate',
        { password: 'wrong password' },
        { cookie: person.cookie },
      )
      expect([wrong.status, wrong.body.code, wrong.cookies]).toEqual([401, 'INVALID_CREDENTIALS', []])
      const proved = await kit.post(
        '/reauthenticate',
        { password: person.password },
        { cookie: person.cookie },
      )
      expect(proved.status).toBe(200)
      expect(proved.cookie).not.toBe(person.cookie)
      expect([await kit.isLive(person.cookie), await kit.isLive(proved.cookie)]).toEqual([false, true])
      expect((await change(proved.cookie, person.password)).status).toBe(200)
    })

    test('cannot be guessed at from a session', async () => {
      const { cookie, password } = await kit.newPerson()
      const guesses = await Promise.all(
        Array.from({ length: 12 }, () =>
          kit.post('/reauthenticate', { password: 'wrong password' }, { cookie }),
        ),
      )
      const codes = guesses.map(({ body }) => body.code).sort()
      expect(codes).toEqual([...Array(5).fill('INVALID_CREDENTIALS'), ...Array(7).fill('RATE_LIMIT_ERROR')])
      const right = await kit.post('/reauthenticate', { password }, { cookie })
      expect([right.status, Number(right.headers.get('retry-after'))]).toEqual([429, 2])
    })
  })

  describe('another address', () => {
    test('counts once its link was opened, and the old one is told twice', async () => {
      const person = await kit.newPerson()
      const other = (await kit.signIn(person)).cookie
      const newEmail = `moved-${++counter}@example.com`
      const asked = await kit.post(
        '/change-email',
        { email: newEmail, callbackURL: '/settings' },
        { cookie: person.cookie },
      )
      expect(asked.body.data).toEqual({ verificationEmailSent: true })
      await server.mail(person.email, 1, /was asked for/)
      const link = await kit.linkIn(newEmail, 'change')
      expect((await kit.signIn({ ...person, email: newEmail })).status).toBe(401)
      const opened = await kit.open(link)
      expect([opened.status, opened.headers.get('location')]).toEqual([302, `${server.url}/settings`])
      expect([await kit.isLive(person.cookie), await kit.isLive(other)]).toEqual([true, false])
      const me = await server.call('GET', '/api/user/me', { cookie: person.cookie })
      expect(me.body.data).toMatchObject({ email: newEmail, isVerified: true })
      await server.mail(person.email, 1, /was changed/)
      expect((await kit.signIn({ ...person, email: newEmail })).status).toBe(200)
      expect((await kit.signIn(person)).status).toBe(401)
      expect((await kit.open(link)).body.code).toBe('INVALID_TOKEN')
    })

    test('that belongs to somebody is answered the same, and they are told', async () => {
      const [person, owner] = [await kit.newPerson(), await kit.newPerson()]
      const ask = (email: string) => kit.post('/change-email', { email }, { cookie: person.cookie })
      const [free, taken] = [await ask(`free-${++counter}@example.com`), await ask(owner.email)]
      expect([taken.status, taken.body]).toEqual([free.status, free.body])
      const mail = await server.mail(owner.email, 1, /already have an account/)
      expect(mail.text).not.toContain('token=')
      const own = await ask(person.email.toUpperCase())
      expect([own.status, own.body.message, own.body.meta]).toEqual([
        409,
        'This is your address already',
        { field: 'email' },
      ])
    })

    test('is asked for by a fresh session alone', async () => {
      const { cookie } = await kit.newPerson()
      server.advance(15 * MINUTE)
      const refused = await kit.post('/change-email', { email: 'x@example.com' }, { cookie })
      expect(refused.body.code).toBe('FRESH_SESSION_REQUIRED')
    })
  })

  describe('a magic link', () => {
    const cookieOf = (headers: Headers) =>
      headers.getSetCookie().find(cookie => cookie.startsWith('snoop_session=')) ?? ''

    test('signs in once, by GET or POST, and a look with HEAD uses nothing up', async () => {
      const { email } = await kit.newPerson()
      expect((await kit.askFor.magic(email)).body.data).toEqual({ magicLinkSent: true })
      const link = await kit.linkIn(email, 'magic')
      expect((await server.call('HEAD', link.pathname + link.search)).status).toBe(405)
      const opened = await kit.open(link)
      expect([opened.status, opened.body.data.user.email]).toEqual([200, email])
      expect(await kit.isLive(opened.cookie)).toBe(true)
      expect(cookieOf(opened.headers)).toContain('Max-Age=')
      expect((await kit.open(link)).body.code).toBe('INVALID_TOKEN')
      await kit.askFor.magic(email, { rememberMe: false })
      const token = kit.tokenOf(await kit.linkIn(email, 'magic', 2))
      const posted = await kit.post('/magic-link/verify', { token })
      expect(await kit.isLive(posted.cookie)).toBe(true)
      expect(cookieOf(posted.headers)).not.toContain('Max-Age=')
    })

    test('leads to the page that was asked for, with the session in the cookie', async () => {
      const { email, cookie } = await kit.newPerson()
      await kit.askFor.magic(email, { callbackURL: 'https://app.example.com/home' })
      const opened = await kit.open(await kit.linkIn(email, 'magic'), { cookie })
      expect([opened.status, opened.headers.get('location')]).toEqual([302, 'https://app.example.com/home'])
      expect(opened.cookies.some(set => set.startsWith('snoop_device='))).toBe(true)
      expect([await kit.isLive(opened.cookie), await kit.isLive(cookie)]).toEqual([true, false])
    })

    test('is dead after five minutes, and once another was sent', async () => {
      const { email } = await kit.newPerson()
      await kit.askFor.magic(email)
      const first = await kit.linkIn(email, 'magic')
      await kit.askFor.magic(email)
      const second = await kit.linkIn(email, 'magic', 2)
      expect((await kit.open(first)).body.code).toBe('INVALID_TOKEN')
      server.advance(5 * MINUTE)
      expect((await kit.open(second)).body.code).toBe('INVALID_TOKEN')
    })

    test('hands on what is still to be proved in the fragment, and no session', async () => {
      const { email, cookie } = await kit.newPerson()
      const { body } = await kit.post('/two-factor/enable', {}, { cookie })
      const secret = new URL(body.data.totpURI).searchParams.get('secret') ?? ''
      const code = new TOTP({ secret }).generate({ timestamp: server.now() })
      expect((await kit.post('/two-factor/verify-totp', { code }, { cookie })).status).toBe(200)
      await kit.askFor.magic(email, { callbackURL: '/home#top' })
      const opened = await kit.open(await kit.linkIn(email, 'magic'))
      const { origin, pathname, hash } = new URL(opened.headers.get('location') ?? '')
      const fragment = new URLSearchParams(hash.slice(1))
      expect([opened.status, origin, pathname, opened.cookies]).toEqual([302, server.url, '/home', []])
      expect([fragment.get('twoFactorRequired'), fragment.get('methods')]).toEqual([
        'true',
        'totp,backup-code',
      ])
      const challengeToken = fragment.get('challengeToken') ?? ''
      server.secrets.add(challengeToken)
      const proved = await kit.post('/two-factor/verify-backup-code', {
        challengeToken,
        code: body.data.backupCodes[0],
      })
      expect(await kit.isLive(proved.cookie)).toBe(true)
    })

    test('leaves whoever signed up with a foreign address nothing', async () => {
      const attacker = await server.signUp()
      const { key } = await server.createKey(attacker)
      await kit.askFor.magic(attacker.email)
      const owner = await kit.open(await kit.linkIn(attacker.email, 'magic'))
      expect(owner.body.data.user).toMatchObject({ id: attacker.id, isVerified: true })
      expect([await kit.isLive(attacker.cookie), await kit.isLive(owner.cookie)]).toEqual([false, true])
      expect((await kit.signIn(attacker)).status).toBe(401)
      expect((await server.call('GET', '/api/user/me', { key })).status).toBe(401)
    })
  })

  test('a verification mail is sent again, to who awaits it, and the older link is dead', async () => {
    const { email } = await server.signUp()
    const first = await kit.linkIn(email, 'verify')
    expect((await kit.askFor.resend(email)).body.data).toEqual({ verificationEmailSent: true })
    const second = await kit.linkIn(email, 'verify', 2)
    expect((await kit.open(first)).body.code).toBe('INVALID_TOKEN')
    expect((await kit.open(second)).body.data.email).toBe(email)
  })

  test('a mail that was asked for just before the server stopped is sent by the next one', async () => {
    const { email } = await kit.newPerson()
    await kit.askFor.magic(email)
    await server.restart()
    expect((await kit.linkIn(email, 'magic')).origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })
})
