import { TOTP } from 'otpauth'
import type { Email } from 'postal-mime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startMailServer, type TestMailServer } from '../src/testing/start-mail-server'
import { startTestServer, type TestAnswer, type TestServer } from '../src/testing/start-test-server'

const password = 'a-long-secure-passphrase'

/** Every flow that sends a mail, through a real SMTP server; each link is taken out of the mail and followed. */
describe('mails through a mail server', () => {
  let mailServer: TestMailServer
  let server: TestServer
  let counter = 0
  beforeAll(async () => {
    mailServer = await startMailServer()
    server = await startTestServer({ smtpUrl: mailServer.url, mailFrom: 'Example <no-reply@example.com>' })
  })
  afterAll(async () => {
    await server.stop()
    await mailServer.stop()
  })

  const newAddress = () => `mailed-${++counter}@example.com`
  const post = (path: string, body: object, cookie?: string): Promise<TestAnswer> =>
    server.call('POST', `/api/auth${path}`, { body, cookie })
  /** Text and HTML say the same link, at the configured origin, and nothing leads elsewhere. */
  const linkIn = ({ text = '', html = '' }: Email): URL => {
    const inText = [...text.matchAll(/https?:\/\/\S+/g)].map(([url]) => url)
    const inHtml = [...html.matchAll(/href="([^"]+)"/g)].map(([, url]) =>
      (url ?? '').replaceAll('&amp;', '&'),
    )
    expect(new Set(inHtml)).toEqual(new Set(inText))
    expect(new Set(inText).size).toBe(1)
    const link = new URL(inText[0] ?? '')
    expect(link.origin).toBe(server.url)
    return link
  }
  const follow = ({ pathname, search }: URL) => server.call('GET', pathname + search)
  const tokenOf = (link: URL) => link.searchParams.get('token')
  const signIn = async (email: string, given = password) => {
    const answer = await post('/sign-in/email', { email, password: given })
    expect(answer.body).toMatchObject({ code: 'OK' })
    return answer.cookie ?? ''
  }
  const newAccount = async () => {
    const email = newAddress()
    await post('/sign-up/email', { email, password, name: 'Ada Lovelace' })
    const link = linkIn(await mailServer.next(email, /^Confirm your e-mail address$/))
    expect((await follow(link)).body).toMatchObject({ code: 'OK', data: { email } })
    return { email, cookie: await signIn(email) }
  }

  test('come from the configured sender, in text and HTML, to one person', async () => {
    const email = newAddress()
    await post('/sign-up/email', { email, password, name: 'Ada <b>Lovelace</b>' })
    const mail = await mailServer.next(email, /./)
    expect(mail.from).toMatchObject({ name: 'Example', address: 'no-reply@example.com' })
    expect(mail.to).toHaveLength(1)
    expect([mail.cc ?? [], mail.bcc ?? []]).toEqual([[], []])
    expect(mail.html).not.toContain('<b>')
    expect(mail.text).toMatch(/^Hello/)
  })

  test('a new address is confirmed, and the mail comes again when asked for; the older link is dead', async () => {
    const email = newAddress()
    await post('/sign-up/email', { email, password, name: 'Ada' })
    const first = linkIn(await mailServer.next(email, /^Confirm/))
    await post('/send-verification-email', { email })
    const second = linkIn(await mailServer.next(email, /^Confirm/))
    expect((await follow(first)).body.code).toBe('INVALID_TOKEN')
    expect((await follow(second)).body).toMatchObject({ data: { email } })
    expect((await follow(second)).body.code).toBe('INVALID_TOKEN')
  })

  test('the owner of an address is told that somebody signed up with it', async () => {
    const { email } = await newAccount()
    await post('/sign-up/email', { email, password: 'another-long-passphrase', name: 'Eve' })
    const mail = await mailServer.next(email, /already have an account/)
    expect(mail.text).not.toContain('token=')
  })

  test('a password is reset by the link, and the owner is told how many keys go on', async () => {
    const { email, cookie } = await newAccount()
    await post('/api-key/create', { name: 'CI', scopes: ['user:read'] }, cookie)
    expect((await mailServer.next(email, /API key was made/)).text).toContain('CI')
    await post('/request-password-reset', { email })
    const link = linkIn(await mailServer.next(email, /^Reset your password$/))
    const opened = await follow(link)
    expect(opened.status).toBe(302)
    expect(opened.headers.get('location')).toBe(`${server.url}/reset-password#token=${tokenOf(link)}`)
    const newPassword = 'quite-another-passphrase'
    expect((await post('/reset-password', { token: tokenOf(link), newPassword })).status).toBe(200)
    expect((await mailServer.next(email, /password was reset/)).text).toContain('One API key keeps working')
    expect((await server.call('GET', '/api/auth/get-session', { cookie })).status).toBe(401)
    await signIn(email, newPassword)
  })

  test('a changed password is told', async () => {
    const { email, cookie } = await newAccount()
    const body = { currentPassword: password, newPassword: 'quite-another-passphrase' }
    expect((await post('/change-password', body, cookie)).status).toBe(200)
    await mailServer.next(email, /password was changed/)
  })

  test('an address changes once the new one is proved; the old one is told twice', async () => {
    const { email, cookie } = await newAccount()
    const newEmail = newAddress()
    await post('/change-email', { email: newEmail }, cookie)
    const asked = await mailServer.next(email, /Another e-mail address was asked for/)
    expect(asked.text).not.toContain(newEmail)
    const link = linkIn(await mailServer.next(newEmail, /^Confirm your new/))
    expect((await server.call('GET', '/api/user/me', { cookie })).body.data.email).toBe(email)
    expect((await follow(link)).body.data.email).toBe(newEmail)
    await mailServer.next(email, /address was changed/)
    expect((await server.call('GET', '/api/user/me', { cookie })).body.data.email).toBe(newEmail)
    await signIn(newEmail)
  })

  test('a link signs in, once', async () => {
    const { email } = await newAccount()
    await post('/sign-in/magic-link', { email })
    const link = linkIn(await mailServer.next(email, /^Your link to sign in$/))
    const answer = await follow(link)
    expect(answer.body.data.user.email).toBe(email)
    expect((await server.call('GET', '/api/auth/get-session', { cookie: answer.cookie })).status).toBe(200)
    expect((await follow(link)).body.code).toBe('INVALID_TOKEN')
  })

  test('a code comes by mail, and what happens to the second factor is told', async () => {
    const { email, cookie } = await newAccount()
    await post('/two-factor/enable', { method: 'email' }, cookie)
    const codeIn = ({ text }: Email) => /^(\d{6})$/m.exec(text ?? '')?.[1] ?? ''
    const first = await mailServer.next(email, /^Your security code$/)
    const enabled = await post('/two-factor/verify-otp', { code: codeIn(first) }, cookie)
    expect(enabled.body).toMatchObject({ data: { user: { twoFactorEnabled: true } } })
    await mailServer.next(email, /authentication was turned on/)

    server.advance(60_000)
    const { challengeToken } = (await post('/sign-in/email', { email, password })).body.data
    await post('/two-factor/send-otp', { challengeToken })
    const code = codeIn(await mailServer.next(email, /^Your security code$/))
    const signedIn = await post('/two-factor/verify-otp', { code, challengeToken })
    expect(signedIn.body.data.user.email).toBe(email)
    await post('/two-factor/generate-backup-codes', {}, signedIn.cookie)
    await mailServer.next(email, /backup codes were made/)
    await post('/two-factor/disable', {}, signedIn.cookie)
    await mailServer.next(email, /authentication was turned off/)
  })

  test('an app as second factor is told, and a sign-in from a new device is', async () => {
    const { email, cookie } = await newAccount()
    const enabled = await post('/two-factor/enable', {}, cookie)
    const secret = new URL(enabled.body.data.totpURI).searchParams.get('secret') ?? ''
    const totp = new TOTP({ secret })
    const code = totp.generate({ timestamp: server.now() })
    const confirmed = await post('/two-factor/verify-totp', { code }, cookie)
    expect((await mailServer.next(email, /turned on/)).text).toContain('authenticator app')
    await post('/two-factor/disable', {}, confirmed.cookie)
    const body = { email, password }
    await server.call('POST', '/api/auth/sign-in/email', { body, headers: { 'user-agent': 'curl/8.0' } })
    expect((await mailServer.next(email, /new device/)).text).toContain('curl')
  })

  test('the end of an account is told', async () => {
    const { email, cookie } = await newAccount()
    expect((await server.call('DELETE', '/api/user/me', { cookie })).status).toBe(200)
    await mailServer.next(email, /account was deleted/)
  })
})
