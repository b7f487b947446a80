import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLinkReader } from '../src/pages/testing/link-reader'
import { startTestServer, type TestServer } from '../src/testing/start-test-server'

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const post = (path: string, body: object) => server.call('POST', `/api/auth${path}`, { body })
const open = (path: string, headers: Record<string, string> = BROWSER) =>
  server.call('GET', path, { headers })
const titleIn = (html: string) => /<h1[^>]*>([^<]*)</.exec(html)?.[1]

const linkMailed = createLinkReader(() => server)
const askForMagicLink = async (email: string) => {
  await post('/sign-in/magic-link', { email })
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

test.each(['/reset-password', '/invites', '/sandbox/checkout', '/sandbox/portal'])(
  '%s is no part of the API, and is only there to be read',
  async path => {
    const page = await open(path, { accept: '*/*' })
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    const head = await server.call('HEAD', path)
    expect([head.status, head.body]).toEqual([200, ''])
    expect((await server.call('POST', path, { body: {} })).status).toBe(405)
  },
)
