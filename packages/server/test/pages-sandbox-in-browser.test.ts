import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInChromium } from '../src/pages/testing/describe-in-chromium'
import { heading, press } from '../src/pages/testing/tab-steps'
import { startTestServer, type TestServer, type TestUser } from '../src/testing/start-test-server'

const PAID = /\/health\?paid=1&session_id=cs_sandbox_/
const PHONE = { viewport: { width: 390, height: 844 } }
const HOSTILE = `Acme <img src=x onerror="alert('1')"> & Co`

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const callAs = ({ cookie, organizationId }: TestUser, method: string, path: string, body?: object) =>
  server.call(method, `/api/user/organizations/${organizationId}${path}`, { body, cookie })
const beginCheckout = async (owner: TestUser, path: string, order: object) => {
  const body = { ...order, successUrl: '/health?paid=1', cancelUrl: '/health?cancelled=1' }
  const { data } = (await callAs(owner, 'POST', path, body)).body
  return data as { readonly sessionId: string; readonly url: string }
}
const PLAN = { tierId: 'pro', interval: 'month', seatCount: 5, slotPacks: 2 }
const beginPlan = (owner: TestUser) => beginCheckout(owner, '/payments/checkout', PLAN)
const subscriptionOf = async (owner: TestUser) =>
  (await callAs(owner, 'GET', '/payments/subscription')).body.data
const openPortal = async (owner: TestUser): Promise<string> =>
  (await callAs(owner, 'GET', '/payments/portal')).body.data.url

describeInChromium('the pages of the sandbox', openTab => {
  const detail = (page: Page, name: string) => page.locator(`[data-detail="${name}"]`).textContent()

  test('say that no money is taken, what is bought and for whom; a declined card stays, one that pays leads on', async () => {
    const owner = await server.signUp()
    await callAs(owner, 'PUT', '', { name: HOSTILE })
    const { sessionId, url } = await beginPlan(owner)
    const { page, faults } = await openTab(PHONE)
    const pages: string[] = []
    page.on('request', request => {
      if (request.isNavigationRequest()) pages.push(request.url())
    })
    await page.goto(url)
    await heading(page, 'Sandbox checkout')
    expect(page.url()).toBe(`${server.url}/sandbox/checkout`)
    expect(pages.join()).not.toContain(sessionId)
    await page.getByText('No money is taken').waitFor()
    expect(await detail(page, 'organizationName')).toBe(HOSTILE)
    expect(await detail(page, 'bought')).toBe('Pro plan, 5 seats, 2 slot packs')
    expect(await detail(page, 'price')).toBe('$105.00 a month')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)

    await page.getByLabel('Is declined').check()
    await press(page, 'Pay $105.00')
    await page
      .locator('#pay-form-problem')
      .getByText(/declined/)
      .waitFor()
    expect((await subscriptionOf(owner)).status).toBe('none')
    // By the keyboard alone.
    await page.getByLabel('Is declined').press('ArrowDown')
    expect(await page.getByLabel('Pays now, fails at the renewal').isChecked()).toBe(true)
    await page.keyboard.press('Enter')
    await page.waitForURL(PAID)
    expect(faults.filter(fault => !/status of 4/.test(fault))).toEqual([])
    expect(await subscriptionOf(owner)).toMatchObject({ plan: 'pro', status: 'active', seatCount: 5 })

    await page.goto(url)
    await heading(page, 'This is paid already')
    await press(page, 'Go on')
    await page.waitForURL(PAID)
  })

  test('let one cancel instead, lead to web pages only, whatever the server says, and nothing is bought', async () => {
    const owner = await server.signUp()
    const { url } = await beginCheckout(owner, '/payments/credits/checkout', { credits: 2_500 })
    const { page, faults } = await openTab()
    await page.route('**/api/sandbox/checkouts/*/cancel', route =>
      route.fulfill({ json: { success: true, data: { url: 'javascript:document.title="taken"' } } }),
    )
    await page.goto(url)
    await press(page, 'Cancel')
    await heading(page, 'This checkout is done')
    expect(await page.title()).not.toBe('taken')
    expect(faults).toEqual([])

    await page.unrouteAll()
    await page.goto(url)
    await heading(page, 'Sandbox checkout')
    expect([await detail(page, 'bought'), await detail(page, 'price')]).toEqual(['2,500 credits', '$25.00'])
    await press(page, 'Cancel')
    await page.waitForURL(`${server.url}/health?cancelled=1`)
    await page.goto(url)
    await heading(page, 'This checkout is invalid or expired')
    expect((await callAs(owner, 'GET', '/payments/subscription/usage')).body.data.credits.balance).toBe(0)
  })

  test('know no checkout that there is not, and ask at no other address', async () => {
    const { page } = await openTab()
    const asked: string[] = []
    page.on('request', request => asked.push(new URL(request.url()).pathname))
    for (const fragment of ['#cs_sandbox_none', '#../../auth/get-session?']) {
      await page.goto(`${server.url}/sandbox/checkout${fragment}`)
      await heading(page, 'This checkout is invalid or expired')
      await page.goto(`${server.url}/sandbox/portal${fragment}`)
      await heading(page, 'This page is invalid or expired')
    }
    expect(asked.filter(path => path.startsWith('/api/'))).toEqual([
      '/api/sandbox/checkouts/cs_sandbox_none',
      '/api/sandbox/portals/cs_sandbox_none',
    ])
  })

  test('show a subscription, end it with the period that is paid, take that back, and change its card', async () => {
    const owner = await server.signUp()
    const { url } = await beginPlan(owner)
    const { page, faults } = await openTab(PHONE)
    await page.goto(url)
    await press(page, /^Pay/)
    await page.waitForURL(PAID)

    await page.goto(await openPortal(owner))
    await heading(page, 'Sandbox billing')
    expect(page.url()).toBe(`${server.url}/sandbox/portal`)
    expect(await detail(page, 'bought')).toBe('Pro plan, 5 seats, 2 slot packs')
    expect(await detail(page, 'price')).toBe('$105.00 a month')
    expect(await detail(page, 'status')).toBe('Active')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    expect(await page.getByLabel('Pays', { exact: true }).isChecked()).toBe(true)

    await press(page, 'End the subscription')
    await page.getByText('It ends on').waitFor()
    expect((await subscriptionOf(owner)).cancelAtPeriodEnd).toBe(true)
    await press(page, 'Keep the subscription')
    await page.getByText('It renews by itself on').waitFor()
    expect((await subscriptionOf(owner)).cancelAtPeriodEnd).toBe(false)

    await page.getByLabel('Is declined').check()
    await press(page, 'Use this card')
    await page
      .locator('#card-form-problem')
      .getByText(/declined/)
      .waitFor()
    await page.getByLabel('Pays now, fails at the renewal').check()
    await press(page, 'Use this card')
    await page.getByText('This card is used from now on. It renews by itself on').waitFor()
    expect(faults.filter(fault => !/status of 409/.test(fault))).toEqual([])

    const end = Date.parse((await subscriptionOf(owner)).currentPeriodEnd)
    server.advance(end - server.now() + 1000)
    const signedIn = await server.call('POST', '/api/auth/sign-in/email', {
      body: { email: owner.email, password: owner.password },
    })
    const later = { ...owner, cookie: signedIn.cookie ?? '' }
    expect((await subscriptionOf(later)).status).toBe('past_due')
    await page.goto(await openPortal(later))
    await page.getByText('Choose a card that pays').waitFor()
    expect(await detail(page, 'status')).toBe('A payment failed')
    await page.getByLabel('Pays', { exact: true }).check()
    await press(page, 'Use this card')
    await page.getByText('It renews by itself on').waitFor()
    expect((await subscriptionOf(later)).status).toBe('active')
  })
})
