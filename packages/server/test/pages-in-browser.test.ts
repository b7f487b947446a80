import { contract } from '@snoop/sdk/contract'
import { TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RenderedPage } from '../src/http/dialect'
import { createPageDialect } from '../src/pages/page-dialect'
import { describeInChromium } from '../src/pages/testing/describe-in-chromium'
import { createLinkReader } from '../src/pages/testing/link-reader'
import { focused, heading, press } from '../src/pages/testing/tab-steps'
import { startTestServer, type TestServer } from '../src/testing/start-test-server'

const PHONE = { viewport: { width: 390, height: 844 } }

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const post = (path: string, body: object, cookie?: string) =>
  server.call('POST', `/api/auth${path}`, { body, cookie })

const linkMailed = createLinkReader(() => server)
const askForMagicLink = async (email: string, more: object = {}) => {
  await post('/sign-in/magic-link', { email, ...more })
  return linkMailed(email, '/magic-link/verify')
}
const askForReset = async (email: string) => {
  await post('/request-password-reset', { email })
  return linkMailed(email, '/reset-password')
}

describeInChromium('pages in a browser', openTab => {
  /** Who the browser is signed in as. */
  const whoIs = (page: Page) =>
    page.evaluate(
      'fetch("/api/auth/get-session").then(r => r.json()).then(({ data, code }) => data?.user.email ?? code)',
    )

  /** Somebody whose account asks for a second factor. */
  const signUpWithSecondFactor = async () => {
    const { email, cookie } = await server.signUp()
    await server.verifyAddress(email)
    const { data } = (await post('/two-factor/enable', {}, cookie)).body
    const totp = new TOTP({ secret: new URL(data.totpURI).searchParams.get('secret') ?? '' })
    const nextCode = () => {
      server.advance(31_000)
      return totp.generate({ timestamp: server.now() })
    }
    await post('/two-factor/verify-totp', { code: nextCode() }, cookie)
    return { email, nextCode, backupCode: data.backupCodes[0] }
  }

  test('a forgotten password is set anew, step by step, on a phone', async () => {
    const { email } = await server.signUp()
    const link = await askForReset(email)
    const { page, faults } = await openTab(PHONE)
    await page.goto(server.url + link)
    await heading(page, 'Choose a new password')
    expect(page.url()).toBe(`${server.url}/reset-password`)
    expect(await page.title()).toBe(`Choose a new password - ${new URL(server.url).host}`)
    expect(await focused(page)).toBe('newPassword')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)

    const password = page.getByLabel('New password', { exact: true })
    const again = page.getByLabel('New password again')
    await password.fill('🔑'.repeat(7))
    await password.press('Enter')
    await page.getByText('Must be at least 8 characters').waitFor()
    expect(await focused(page)).toBe('newPassword')

    await password.fill('a quiet green lantern')
    await again.fill('a quiet green lamp')
    await press(page, 'Set password')
    await page.getByText('This is not the same as above').waitFor()
    expect(await page.getByText('Must be at least 8 characters').count()).toBe(0)
    expect(await focused(page)).toBe('repeatedPassword')
    expect(faults).toEqual([])

    // What the server alone can tell.
    await password.fill('password123')
    await again.fill('password123')
    await press(page, 'Set password')
    await page.locator('#new-password-problem:not(:empty)').waitFor()
    expect(await password.getAttribute('aria-invalid')).toBe('true')

    await password.fill('a quiet green lantern')
    await again.fill('a quiet green lantern')
    await press(page, 'Set password')
    await heading(page, 'Your password is set')
    expect(await password.inputValue()).toBe('')
    const signedIn = await post('/sign-in/email', { email, password: 'a quiet green lantern' })
    expect(signedIn.body.data.user.email).toBe(email)

    await page.goto(server.url + link)
    await heading(page, /invalid, expired or already used/)
  })

  test.each([
    ['a token that is none', '#token=none'],
    ['a token of an impossible length', `#token=${'x'.repeat(300)}`],
  ])('the page for a new password with %s says so, once it was tried', async (_, fragment) => {
    const { page } = await openTab()
    await page.goto(`${server.url}/reset-password${fragment}`)
    await page.getByLabel('New password', { exact: true }).fill('a quiet green lantern')
    await page.getByLabel('New password again').fill('a quiet green lantern')
    await press(page, 'Set password')
    await heading(page, /invalid, expired or already used/)
    await page.getByText('Ask for a new link.').waitFor()
  })

  test('the page for a new password without a token says so at once; a link pasted into it is read', async () => {
    const { page, faults } = await openTab()
    await page.goto(`${server.url}/reset-password`)
    await heading(page, /invalid, expired or already used/)
    await page.evaluate('location.hash = "token=abc"')
    await heading(page, 'Choose a new password')
    expect(page.url()).toBe(`${server.url}/reset-password`)
    expect(faults).toEqual([])
  })

  test('a server that is away or busy leaves what was typed, and can be asked again', async () => {
    const { page } = await openTab()
    await page.goto(`${server.url}/reset-password#token=abc`)
    const password = page.getByLabel('New password', { exact: true })
    await password.fill('a quiet green lantern')
    await page.getByLabel('New password again').fill('a quiet green lantern')
    await page.route('**/api/auth/reset-password', route => route.abort())
    await press(page, 'Set password')
    await page.getByText('The server did not answer').waitFor()
    await page.unrouteAll()
    await page.route('**/api/auth/reset-password', route =>
      route.fulfill({
        status: 429,
        headers: { 'retry-after': '61' },
        json: { success: false, code: 'RATE_LIMIT_ERROR', message: 'Too many requests.' },
      }),
    )
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByText('Too many requests. Try again in 61 seconds.').waitFor()
    expect(await password.inputValue()).toBe('a quiet green lantern')
  })

  test('with scripts off a page says that it needs them, and shows no form', async () => {
    const { page } = await openTab({ javaScriptEnabled: false })
    await page.goto(`${server.url}/reset-password#token=abc`)
    await heading(page, 'This page needs JavaScript')
    expect(await page.locator('form:visible').count()).toBe(0)
  })

  test('a link signs in once its owner says so, and the token leaves the address', async () => {
    const { email } = await server.signUp()
    const link = await askForMagicLink(email)
    const { page, faults } = await openTab(PHONE)
    await page.goto(server.url + link)
    await heading(page, /^Sign in to/)
    expect(await whoIs(page)).not.toBe(email)
    await page.reload()
    await press(page, 'Sign in')
    await page.getByText(`You are signed in as ${email}.`).waitFor()
    expect(page.url()).toBe(`${server.url}/api/auth/magic-link/verify`)
    expect(await whoIs(page)).toBe(email)
    expect(faults.filter(fault => !fault.includes('401'))).toEqual([])

    await page.goto(server.url + link)
    await press(page, 'Sign in')
    await heading(page, /invalid, expired or already used/)
  })

  test('a link with a callbackURL leads there', async () => {
    const { email } = await server.signUp()
    const { page } = await openTab()
    await page.goto(server.url + (await askForMagicLink(email, { callbackURL: '/health' })))
    await press(page, 'Sign in')
    await page.waitForURL(`${server.url}/health`)
    expect(await whoIs(page)).toBe(email)
  })

  test('a link to an account with two factors asks for a code, in the page or at the callbackURL', async () => {
    const { email, nextCode, backupCode } = await signUpWithSecondFactor()
    const { page, faults } = await openTab(PHONE)
    await page.goto(server.url + (await askForMagicLink(email)))
    await press(page, 'Sign in')
    await heading(page, 'One more step')
    expect(await focused(page)).toBe('code')
    const code = page.getByLabel('Code from your authenticator app')
    await code.fill('12')
    await code.press('Enter')
    await page.getByText('Must be 6 digits').waitFor()
    await code.fill(nextCode())
    await press(page, 'Sign in')
    await page.getByText(`You are signed in as ${email}.`).waitFor()
    expect(await whoIs(page)).toBe(email)
    expect(faults.filter(fault => !fault.includes('400'))).toEqual([])

    const other = (await openTab()).page
    await other.goto(server.url + (await askForMagicLink(email)))
    await press(other, 'Sign in')
    await press(other, 'Use a backup code')
    await other.getByLabel('Backup code').fill(` ${backupCode} `)
    await press(other, 'Sign in')
    await other.getByText(`You are signed in as ${email}.`).waitFor()

    const third = (await openTab()).page
    await third.goto(server.url + (await askForMagicLink(email, { callbackURL: '/health' })))
    await press(third, 'Sign in')
    await third.waitForURL(/\/health#twoFactorRequired=true&challengeToken=./)
  })

  test('a sign-in that another provider began asks for a code by mail, and for a new one', async () => {
    const challengeToken = 'a-challenge'
    const challenge = { twoFactorRequired: true, methods: ['email', 'backup-code'], challengeToken }
    const pages = createPageDialect(server.url)
    const rendered = pages.renderSuccess(contract.auth.socialCallback, challenge, undefined)
    const { status, html, headers } = rendered as RenderedPage
    const { page } = await openTab()
    const sent: unknown[] = []
    await page.route('**/api/auth/two-factor/*', route => {
      sent.push([new URL(route.request().url()).pathname.slice(21), route.request().postDataJSON()])
      return route.fulfill({ json: { success: true, data: { user: { email: 'ada@example.com' } } } })
    })
    await page.route('**/api/auth/callback/*', route =>
      route.fulfill({ status, headers: { ...headers }, body: html }),
    )
    await page.goto(`${server.url}/api/auth/callback/google?state=secret`)
    await heading(page, 'One more step')
    expect(page.url()).toBe(`${server.url}/api/auth/callback/google`)
    await press(page, 'Send me a new code by mail')
    await page.getByLabel('Code that we sent you by mail').fill('123 456')
    await press(page, 'Sign in')
    await page.getByText('You are signed in as ada@example.com.').waitFor()
    expect(sent).toEqual([
      ['send-otp', { challengeToken }],
      ['send-otp', { challengeToken }],
      ['verify-otp', { code: '123 456', challengeToken }],
    ])
  })
})
