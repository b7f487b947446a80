import { contract } from '@snoop/sdk/contract'
import { TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { RenderedPage } from '../src/http/dialect'
import { createPageDialect } from '../src/pages/page-dialect'
import { describeInChromium } from '../src/pages/testing/describe-in-chromium'
import { startTestServer, type TestServer } from '../src/testing/start-test-server'

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
const PHONE = { viewport: { width: 390, height: 844 } }

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const post = (path: string, body: object, cookie?: string) =>
  server.call('POST', `/api/auth${path}`, { body, cookie })
const open = (path: string, headers: Record<string, string> = BROWSER) =>
  server.call('GET', path, { headers })
const titleIn = (html: string) => /<h1[^>]*>([^<]*)</.exec(html)?.[1]

const seen = new Set<string>()
/** Path and query of the next mailed link to an endpoint. */
const linkMailed = (email: string, path: string): Promise<string> =>
  vi.waitFor(async () => {
    const { text = '' } = await server.mail(email)
    const link = /https?:\/\/\S+/.exec(text)?.[0] ?? ''
    expect(link).toContain(path)
    expect(seen).not.toContain(link)
    seen.add(link)
    return link.slice(server.url.length)
  }, 10_000)
const askForMagicLink = async (email: string, more: object = {}) => {
  await post('/sign-in/magic-link', { email, ...more })
  return linkMailed(email, '/magic-link/verify')
}
const askForReset = async (email: string) => {
  await post('/request-password-reset', { email })
  return linkMailed(email, '/reset-password')
}
const tokenIn = (link: string) => new URL(link, server.url).searchParams.get('token') ?? ''

describe('a link that is opened in a browser', () => {
  test('shows what it did, and then that it is used up', async () => {
    const { email } = await server.signUp()
    const link = await linkMailed(email, '/verify-email')
    const first = await open(link)
    expect([first.status, titleIn(first.body)]).toEqual([200, 'E-mail address verified'])
    expect(first.body).toContain(`${email} is confirmed. You can close this page.`)
    const second = await open(link)
    expect([second.status, titleIn(second.body)]).toEqual([
      400,
      'This link is invalid, expired or already used',
    ])
    for (const { headers } of [first, second]) {
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  test('answers programs in JSON as ever', async () => {
    for (const headers of [{}, { accept: '*/*' }, { accept: 'application/json' }] as Record<string, string>[])
      expect((await open('/api/auth/verify-email?token=none', headers)).body.code).toBe('INVALID_TOKEN')
  })

  test('says nothing of what is in a hostile address', async () => {
    const { status, body } = await open(
      '/api/auth/verify-email?token=%3Cscript%3Ealert(1)%3C/script%3E&x=%22%3E',
    )
    expect(status).toBe(400)
    expect(body).not.toContain('alert(1)')
    expect(titleIn((await open('/api/auth/verify-email')).body)).toBe('This link is not complete')
  })

  test('of a password reset leads to the page, with the token where no log and no other site sees it', async () => {
    const { email } = await server.signUp()
    const link = await askForReset(email)
    const { status, headers } = await open(link)
    expect(status).toBe(302)
    expect(headers.get('location')).toBe(`${server.url}/reset-password#token=${tokenIn(link)}`)
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  })
})

describe('a link that signs in', () => {
  test('is not used up by what opens links in mails, and signs nobody in by itself', async () => {
    const { email } = await server.signUp()
    const link = await askForMagicLink(email)
    for (const _ of [1, 2, 3]) {
      const { status, body, cookies } = await open(link)
      expect([status, cookies]).toEqual([200, []])
      expect(body).toContain(`<h1 tabindex="-1">Sign in to ${new URL(server.url).host}</h1>`)
      expect(body).not.toContain(tokenIn(link))
    }
    expect((await server.call('HEAD', link)).status).toBe(405)
    const { body, cookie } = await post('/magic-link/verify', { token: tokenIn(link) })
    expect([body.data.user.email, body.data.callbackURL]).toEqual([email, null])
    expect(cookie).toBeDefined()
  })

  test('of an attacker signs no visitor of a foreign page in, whatever the page does with it', async () => {
    const link = await askForMagicLink((await server.signUp()).email)
    const attempts: Record<string, string>[] = [
      {
        accept: 'image/avif,image/webp,*/*;q=0.8',
        'sec-fetch-site': 'cross-site',
        'sec-fetch-dest': 'image',
      },
      { accept: '*/*', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { accept: '*/*', referer: 'https://evil.example/' },
      { ...BROWSER, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' },
    ]
    for (const headers of attempts) expect((await open(link, headers)).cookies).toEqual([])
    const foreignForm = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    const body = { token: tokenIn(link) }
    const forged = await server.call('POST', '/api/auth/magic-link/verify', { body, headers: foreignForm })
    expect([forged.body.code, forged.cookies]).toEqual(['ORIGIN_NOT_ALLOWED', []])
    expect((await post('/magic-link/verify', body)).status).toBe(200)
  })

  test('signs a program in that opens it', async () => {
    const { email } = await server.signUp()
    const { body, cookie } = await open(await askForMagicLink(email), {})
    expect(body.data.user.email).toBe(email)
    expect(cookie).toBeDefined()
  })
})

test('the page for a new password is no part of the API, and is only there to be read', async () => {
  const page = await open('/reset-password', { accept: '*/*' })
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  const head = await server.call('HEAD', '/reset-password')
  expect([head.status, head.body]).toEqual([200, ''])
  expect((await server.call('POST', '/reset-password', { body: {} })).status).toBe(405)
})

describeInChromium('in a browser', openTab => {
  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).waitFor()
  const press = (page: Page, name: string) => page.getByRole('button', { name }).click()
  const focused = (page: Page) => page.evaluate('document.activeElement?.getAttribute("name")')
  /** Who the browser is signed in as. */
  const whoIs = (page: Page) =>
    page.evaluate(
      'fetch("/api/auth/get-session").then(r => r.json()).then(({ data, code }) => data?.user.email ?? code)',
    )

  /** Somebody whose account asks for a second factor. */
  const signUpWithSecondFactor = async () => {
    const { email, cookie } = await server.signUp()
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
