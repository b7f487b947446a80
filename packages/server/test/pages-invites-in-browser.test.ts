import { TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInChromium } from '../src/pages/testing/describe-in-chromium'
import { createLinkReader } from '../src/pages/testing/link-reader'
import { focused, heading, press } from '../src/pages/testing/tab-steps'
import { startTestServer, type TestServer, type TestUser } from '../src/testing/start-test-server'

const PHONE = { viewport: { width: 390, height: 844 } }
const HOSTILE = `Acme <img src=x onerror="alert('1')"> & Co`
const DAY_MS = 24 * 3600 * 1000

let server: TestServer
let owner: TestUser
beforeAll(async () => {
  server = await startTestServer()
  owner = await server.signUp('Grace Hopper')
  await server.verifyAddress(owner.email)
  const path = `/api/user/organizations/${owner.organizationId}`
  await server.call('PUT', path, { body: { name: HOSTILE }, cookie: owner.cookie })
})
afterAll(() => server.stop())

const linkMailed = createLinkReader(() => server)
/** @returns path and fragment of the link in the mail */
const invite = async (email: string, role = 'member') => {
  const path = `/api/user/organizations/${owner.organizationId}/invites`
  const { status, body } = await server.call('POST', path, {
    body: { invites: [{ email, role }] },
    cookie: owner.cookie,
  })
  expect([status, body.message]).toEqual([201, 'Invitations sent successfully'])
  return linkMailed(email, '/invites#')
}
const membershipOf = async ({ cookie }: Pick<TestUser, 'cookie'>) => {
  const path = `/api/user/organizations/${owner.organizationId}/my-membership`
  const { body } = await server.call('GET', path, { cookie })
  return body.data?.role ?? body.code
}
const signInCookie = async ({ email, password }: Pick<TestUser, 'email' | 'password'>) => {
  const { cookie = '' } = await server.call('POST', '/api/auth/sign-in/email', { body: { email, password } })
  return cookie
}

describeInChromium('the page of an invitation', openTab => {
  /** A tab in which somebody is signed in, or nobody. */
  const openAs = async (user: Pick<TestUser, 'cookie'> | undefined, options = {}) => {
    const tab = await openTab(options)
    const [name = '', value = ''] = user?.cookie.split('=') ?? []
    if (user) await tab.page.context().addCookies([{ name, value, url: server.url }])
    return tab
  }
  const detail = (page: Page, name: string) => page.locator(`[data-detail="${name}"]`).textContent()
  const passwordField = (page: Page) => page.locator('input[type=password]:visible')

  test('says who invites whom to what, and makes who is signed in a member, by the keyboard alone', async () => {
    const user = await server.signUp()
    await server.verifyAddress(user.email)
    const link = await invite(user.email, 'admin')
    const [, token = ''] = link.split('#')
    const { page, faults } = await openAs(user, PHONE)
    const requests: { url: string; referer: string | undefined }[] = []
    page.on('request', request => requests.push({ url: request.url(), referer: request.headers().referer }))
    await page.goto(server.url + link)
    await heading(page, 'You are invited')
    expect(page.url()).toBe(`${server.url}/invites`)
    expect(await detail(page, 'organizationName')).toBe(HOSTILE)
    expect(await detail(page, 'role')).toBe('Admin')
    expect(await detail(page, 'invitedBy')).toBe('Grace Hopper')
    expect(await detail(page, 'email')).toBe(user.email)
    expect(await page.locator('#as-invited').textContent()).toContain(`You are signed in as ${user.email}.`)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    expect(await membershipOf(user)).not.toBe('admin')

    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await heading(page, 'Invitation accepted')
    expect(await page.locator('#done').textContent()).toContain(`You are in ${HOSTILE} now.`)
    expect(await membershipOf(user)).toBe('admin')
    expect(faults).toEqual([])
    expect(requests.filter(({ url }) => url.includes(token)).map(({ url }) => url)).toEqual([
      `${server.url}/api/user/invites/${token}`,
      `${server.url}/api/user/invites/${token}/accept`,
    ])
    expect(requests.map(({ referer }) => referer).filter(Boolean)).toEqual([])
    expect(server.log()).not.toContain(token)

    await page.goto(server.url + link)
    await heading(page, 'This invitation does not work')
    await page.getByText('ask whoever invited you for a new invitation').waitFor()
  })

  test('lets one sign in first, also with a second factor, and begin again when that took too long', async () => {
    const user = await server.signUp()
    await server.verifyAddress(user.email)
    const enabled = await server.call('POST', '/api/auth/two-factor/enable', {
      body: {},
      cookie: user.cookie,
    })
    const totp = new TOTP({ secret: new URL(enabled.body.data.totpURI).searchParams.get('secret') ?? '' })
    const nextCode = () => {
      server.advance(31_000)
      return totp.generate({ timestamp: server.now() })
    }
    const verified = { body: { code: nextCode() }, cookie: user.cookie }
    await server.call('POST', '/api/auth/two-factor/verify-totp', verified)

    const { page, faults } = await openAs(undefined)
    await page.goto(server.url + (await invite(user.email)))
    await heading(page, 'You are invited')
    const email = page.getByLabel('E-mail address')
    expect(await email.first().inputValue()).toBe(user.email)
    expect(await email.first().getAttribute('readonly')).toBe('')
    await passwordField(page).fill('not the password')
    await passwordField(page).press('Enter')
    await page.getByText('Invalid e-mail address or password').waitFor()
    expect(await focused(page)).toBe('password')

    const signIn = async () => {
      await passwordField(page).fill(user.password)
      await passwordField(page).press('Enter')
      await heading(page, 'One more step')
    }
    const prove = async () => {
      await page.getByLabel('Code from your authenticator app').fill(nextCode())
      await press(page, 'Sign in')
    }
    await signIn()
    server.advance(3_600_000)
    await prove()
    await page.getByText('This sign-in has expired or is over; sign in again').waitFor()
    await signIn()
    await prove()
    await press(page, 'Accept')
    await heading(page, 'Invitation accepted')
    expect(faults.filter(fault => !/status of (401|400)/.test(fault))).toEqual([])
  })

  test('leads a newcomer from a new account and a confirmed address to the organization', async () => {
    const newcomer = { email: `newcomer-${process.pid}@example.com`, password: 'a quiet green lantern' }
    const { page } = await openAs(undefined, PHONE)
    await page.goto(server.url + (await invite(newcomer.email)))
    await press(page, 'Create an account')
    expect(await focused(page)).toBe('name')
    await page.getByLabel('Your name').fill('Ada Lovelace')
    await passwordField(page).fill('short')
    await passwordField(page).press('Enter')
    await page.getByText('Must be at least 8 characters').waitFor()
    await passwordField(page).fill(newcomer.password)
    await press(page, 'Create account')
    await page.getByText('Open the mail that we sent to you first.').waitFor()

    // Too early.
    await press(page, 'I have confirmed my address')
    await passwordField(page).fill(newcomer.password)
    await press(page, 'Sign in')
    await press(page, 'Accept')
    await page.getByText('Your address is not confirmed yet.').waitFor()
    await press(page, 'Send the mail again')
    await page.getByText(`A new mail is on its way to ${newcomer.email}.`).waitFor()
    await server.mail(newcomer.email, 2, /^Confirm/)
    await server.verifyAddress(newcomer.email)
    await press(page, 'Accept')
    await heading(page, 'Invitation accepted')
    expect(await membershipOf({ cookie: await signInCookie(newcomer) })).toBe('member')
  })

  test('tells who is signed in with another address, and lets that one sign out', async () => {
    const [invited, other] = [await server.signUp(), await server.signUp()]
    await server.verifyAddress(invited.email)
    const { page } = await openAs(other)
    await page.goto(server.url + (await invite(invited.email)))
    await page
      .getByText(`You are signed in as ${other.email}, and this invitation is for another address.`)
      .waitFor()
    expect(await page.getByRole('button', { name: 'Accept' }).count()).toBe(0)
    await press(page, 'Sign out')
    await passwordField(page).fill(invited.password)
    await press(page, 'Sign in')
    expect((await server.call('GET', '/api/auth/get-session', { cookie: other.cookie })).status).toBe(401)
    await press(page, 'Accept')
    await heading(page, 'Invitation accepted')
    expect(await membershipOf({ cookie: await signInCookie(other) })).toBe('FORBIDDEN')
  })

  test('says what to do about each refusal, and can be asked again', async () => {
    const user = await server.signUp()
    await server.verifyAddress(user.email)
    const { page } = await openAs(user)
    const link = await invite(user.email)
    await page.route('**/api/user/invites/*', route => route.abort())
    await page.goto(server.url + link)
    await page.getByText('The server did not answer.').waitFor()
    await page.unrouteAll()
    await press(page, 'Try again')
    await heading(page, 'You are invited')

    const refusals = [
      [403, 'FORBIDDEN', 'Who invited you no longer has the right to', /^Who invited you no longer has/],
      [403, 'PLAN_LIMIT_REACHED', '', /no free seat. Ask Grace Hopper for one, then accept again/],
      [409, 'CONFLICT', '', /You are a member of this organization already. There is nothing left to do/],
      [503, 'SERVICE_UNAVAILABLE', 'The server is busy', /The server is busy/],
      [401, 'INVALID_OR_EXPIRED_TOKEN', '', /You are not signed in any more. Sign in again/],
    ] as const
    for (const [status, code, message, words] of refusals) {
      await page.route('**/api/user/invites/*/accept', route =>
        route.fulfill({ status, json: { success: false, code, message } }),
      )
      await press(page, 'Accept')
      await page.getByText(words).waitFor()
    }
    await page.unrouteAll()
    await passwordField(page).fill(user.password)
    await press(page, 'Sign in')
    await press(page, 'Accept')
    await heading(page, 'Invitation accepted')
  })

  test('says that a link without a good token does not work, and asks at no other address', async () => {
    const expired = await invite(`late-${process.pid}@example.com`)
    server.advance(8 * DAY_MS)
    const { page } = await openAs(undefined)
    const asked: string[] = []
    page.on('request', request => asked.push(new URL(request.url()).pathname))
    for (const link of [expired, '/invites#..', '/invites#../../auth/get-session?']) {
      await page.goto('about:blank')
      await page.goto(server.url + link)
      await heading(page, 'This invitation does not work')
    }
    const api = new Set(asked.filter(path => path.startsWith('/api/')))
    const [, token] = expired.split('#')
    expect([...api].sort()).toEqual(['/api/auth/get-session', `/api/user/invites/${token}`])
  })
})
