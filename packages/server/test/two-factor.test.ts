import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { startTestServer, type TestServer } from '../src/testing/start-test-server'
import { DAY, deviceOf, MINUTE, type TwoFactorKit, twoFactorKit } from './kit/two-factor-kit'

const oathtool = (secret: string, now: number): string =>
  execFileSync('oathtool', ['--totp', '--base32', `--now=@${Math.floor(now / 1000)}`, '-'], {
    input: secret,
    encoding: 'utf8',
  }).trim()

/** @throws Error if it is not, and SNOOP_REQUIRE_ALL_PARTS=1 says that it must be */
const isOathtoolThere = (): boolean => {
  try {
    execFileSync('oathtool', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    const message =
      'LEFT OUT: codes of a foreign authenticator, as oathtool is missing (apt-get install oathtool)'
    if (process.env.SNOOP_REQUIRE_ALL_PARTS === '1') throw new Error(message)
    process.stderr.write(`\n${message}\n\n`)
    return false
  }
}

const hasOathtool = isOathtoolThere()

describeOnEachDatabase('two-factor authentication', createDatabase => {
  let server: TestServer
  let kit: TwoFactorKit
  beforeAll(async () => {
    server = await startTestServer({ databaseUrl: await createDatabase() })
    kit = twoFactorKit(server)
  })
  afterAll(() => server.stop())

  const status = async (cookie: string | undefined) =>
    (await server.call('GET', '/api/auth/two-factor/status', { cookie })).body.data

  describe('with an authenticator app', () => {
    test.skipIf(!hasOathtool)('is set up and used with codes that another program makes', async () => {
      const user = await kit.signUp()
      const { totpURI, secret, backupCodes } = await kit.enable(user.cookie)
      expect(totpURI).toBe(
        `otpauth://totp/127.0.0.1:${encodeURIComponent(user.email)}?issuer=127.0.0.1&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
      )
      expect(backupCodes).toHaveLength(10)
      expect((await kit.signIn(user)).cookie).toBeDefined()

      const on = await kit.prove('/verify-totp', { code: oathtool(secret, kit.now()) }, user.cookie)
      expect(on.body.data.user.twoFactorEnabled).toBe(true)
      expect(await user.nextMail()).toContain('an authenticator app')

      const asked = await kit.signIn(user)
      expect([asked.status, asked.cookies]).toEqual([200, []])
      expect(asked.body.data).toEqual({
        twoFactorRequired: true,
        methods: ['totp', 'backup-code'],
        challengeToken: expect.stringMatching(/^[\w-]{43}$/),
        expiresAt: expect.stringMatching(/Z$/),
      })
      const { challengeToken } = asked.body.data
      kit.advance(MINUTE)
      const code = oathtool(secret, kit.now())
      const spaced = `${code.slice(0, 3)} ${code.slice(3)}`
      const signedIn = await kit.prove('/verify-totp', { challengeToken, code: spaced })
      expect(signedIn.body.data.user.email).toBe(user.email)
      expect(await kit.isLive(signedIn.cookie)).toBe(true)
      expect((await kit.prove('/verify-totp', { challengeToken, code })).body.code).toBe('INVALID_TOKEN')
      const other = await kit.begin(user)
      expect((await kit.prove('/verify-totp', { challengeToken: other, code })).body.code).toBe(
        'INVALID_CODE',
      )
    })

    test('gives the session a new cookie as it is turned on, and ends every other one', async () => {
      const user = await kit.signUp()
      const other = await kit.signIn(user)
      const { secret } = await kit.enable(user.cookie)
      expect(await status(user.cookie)).toEqual({
        enabled: false,
        method: null,
        enabledAt: null,
        backupCodesLeft: 0,
      })
      const { cookie } = await kit.prove('/verify-totp', { code: kit.totp(secret) }, user.cookie)
      expect(cookie).not.toBe(user.cookie)
      const live = await Promise.all([cookie, user.cookie, other.cookie].map(kit.isLive))
      expect(live).toEqual([true, false, false])
      expect(await status(cookie)).toEqual({
        enabled: true,
        method: 'totp',
        enabledAt: expect.stringMatching(/Z$/),
        backupCodesLeft: 10,
      })
    })

    test('makes a session fresh again, which all that changes it needs', async () => {
      const { cookie, secret } = await kit.signUpWith('totp')
      kit.advance(15 * MINUTE)
      for (const path of ['/enable', '/disable', '/generate-backup-codes']) {
        expect((await kit.prove(path, {}, cookie)).body.code).toBe('FRESH_SESSION_REQUIRED')
      }
      const fresh = await kit.prove('/verify-totp', { code: kit.totp(secret) }, cookie)
      expect(await kit.isLive(cookie)).toBe(false)
      expect((await kit.prove('/enable', {}, fresh.cookie)).body.code).toBe('CONFLICT')
      expect((await kit.prove('/generate-backup-codes', {}, fresh.cookie)).status).toBe(200)
      expect((await kit.prove('/disable', {}, fresh.cookie)).status).toBe(200)
    })

    test('keeps what was chosen at the first factor: a session that ends with the browser', async () => {
      const { email, password, secret } = await kit.signUpWith('totp')
      const asked = await kit.post('/sign-in/email', { email, password, rememberMe: false })
      const { challengeToken } = asked.body.data
      const { headers } = await kit.prove('/verify-totp', { challengeToken, code: kit.newTotp(secret) })
      const [session = '', device = ''] = headers.getSetCookie()
      expect(session).toMatch(/^snoop_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
      expect(device).toMatch(/^snoop_device=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=31536000$/)
    })
  })

  test('with codes by mail sends one to turn it on and one for each sign-in that asks', async () => {
    const user = await kit.signUp()
    const { totpURI } = await kit.enable(user.cookie, 'email')
    expect(totpURI).toBeNull()
    const on = await kit.prove('/verify-otp', { code: await user.nextCode() }, user.cookie)
    expect(await status(on.cookie)).toMatchObject({ enabled: true, method: 'email' })
    expect(await user.nextMail()).toContain('a code sent to this address')
    kit.advance(MINUTE)
    const asked = await kit.signIn(user)
    expect(asked.body.data.methods).toEqual(['email', 'backup-code'])
    const { challengeToken } = asked.body.data
    const sent = await kit.prove('/send-otp', { challengeToken })
    expect(sent.body.data).toEqual({ codeSent: true, expiresAt: expect.stringMatching(/Z$/) })
    expect(Date.parse(sent.body.data.expiresAt) - kit.now()).toBeLessThanOrEqual(10 * MINUTE)
    const again = await kit.prove('/send-otp', { challengeToken })
    expect(again.body.code).toBe('RATE_LIMIT_ERROR')
    expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(again.headers.get('retry-after'))).toBeLessThanOrEqual(30)
    const code = await user.nextCode()
    const signedIn = await kit.prove('/verify-otp', { challengeToken, code })
    expect(await kit.isLive(signedIn.cookie)).toBe(true)
  })

  test.each(['totp', 'email'])('by %s needs a verified address', async method => {
    const { cookie } = await server.signUp()
    const { status: http, body } = await kit.prove('/enable', { method }, cookie)
    expect([http, body.code]).toEqual([403, 'EMAIL_NOT_VERIFIED'])
  })

  test('lets in by a backup code, each once, until new ones are made', async () => {
    const user = await kit.signUpWith('totp')
    const [one = '', two = ''] = user.backupCodes
    const use = async (code: string) =>
      kit.prove('/verify-backup-code', { challengeToken: await kit.begin(user), code })
    const signedIn = await use(one.toUpperCase())
    expect((await use(one)).body.code).toBe('INVALID_CODE')
    expect((await status(signedIn.cookie)).backupCodesLeft).toBe(9)
    const made = await kit.prove('/generate-backup-codes', {}, signedIn.cookie)
    const newCodes: string[] = made.body.data.backupCodes
    for (const code of newCodes) server.secrets.add(code)
    expect(new Set([...newCodes, ...user.backupCodes]).size).toBe(20)
    expect(await user.nextMail()).toContain('New backup codes were made')
    expect((await use(two)).body.code).toBe('INVALID_CODE')
    expect((await use(newCodes[0]!)).status).toBe(200)
  })

  test('is turned off by a fresh session, which goes on under a new cookie', async () => {
    const user = await kit.signUpWith('totp')
    const other = await kit.prove('/verify-totp', {
      challengeToken: await kit.begin(user),
      code: kit.newTotp(user.secret),
    })
    const off = await kit.prove('/disable', {}, user.cookie)
    expect(off.body.data).toEqual({ disabled: true })
    const live = await Promise.all([off.cookie, user.cookie, other.cookie].map(kit.isLive))
    expect(live).toEqual([true, false, false])
    expect(await user.nextMail()).toContain('no longer asks for a second factor')
    expect((await kit.signIn(user)).body.data.user.twoFactorEnabled).toBe(false)
    expect((await kit.prove('/disable', {}, off.cookie)).status).toBe(409)
    expect((await kit.prove('/generate-backup-codes', {}, off.cookie)).status).toBe(409)
  })

  test('does not ask a trusted device for 30 days, and asks it on the 31st', async () => {
    const user = await kit.signUpWith('totp')
    const trusted = await kit.prove('/verify-totp', {
      challengeToken: await kit.begin(user),
      code: kit.newTotp(user.secret),
      trustDevice: true,
    })
    const device = deviceOf(trusted)
    for (const days of [1, 28]) {
      kit.advance(days * DAY)
      expect((await kit.signIn(user, device)).cookie).toBeDefined()
      expect((await kit.signIn(user)).cookie).toBeUndefined()
    }
    kit.advance(DAY)
    expect((await kit.signIn(user, device)).body.data.twoFactorRequired).toBe(true)
  })

  test.each([
    ['/verify-totp', { code: '12345' }],
    ['/verify-totp', { code: '1234567' }],
    ['/verify-totp', { code: '１２３４５６' }],
    ['/verify-totp', { code: 123456 }],
    ['/verify-otp', { code: '' }],
    ['/verify-otp', { code: '123456', challengeToken: '' }],
    ['/verify-backup-code', { code: 'k7m2q-9xw4t' }],
    ['/verify-backup-code', { code: 'x'.repeat(41), challengeToken: 'x' }],
    ['/send-otp', { challengeToken: 'x'.repeat(201) }],
  ])('takes no %s with %j', async (path, body) => {
    expect((await kit.prove(path, body)).body.code).toBe('VALIDATION_ERROR')
  })

  test.each(['/verify-totp', '/verify-otp', '/send-otp'])(
    'asks who it is on %s with neither challenge nor session',
    async path => {
      for (const cookie of [undefined, 'snoop_session=', `snoop_session=${'A'.repeat(43)}`]) {
        const { status: http, body } = await kit.prove(path, { code: '123456' }, cookie)
        expect([http, body.code]).toEqual([401, 'AUTHENTICATION_REQUIRED'])
      }
    },
  )
})
