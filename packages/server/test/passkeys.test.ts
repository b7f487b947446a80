import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findChromium } from '../src/testing/find-chromium'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { createSoftwareAuthenticator } from '../src/testing/software-authenticator'
import { startTestServer, type TestServer, type TestUser } from '../src/testing/start-test-server'

const MINUTE = 60_000
const browserProgram = findChromium()

const listen = (server: Server): Promise<number> =>
  new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })

const freePort = async (): Promise<number> => {
  const server = createServer()
  const port = await listen(server)
  await new Promise(resolve => server.close(resolve))
  return port
}

describeOnEachDatabase('passkeys', createDatabase => {
  let server: TestServer
  let user: TestUser
  beforeAll(async () => {
    server = await startTestServer({ databaseUrl: await createDatabase() })
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    user = await server.signUp()
  })

  const post = async (path: string, body: unknown, cookie?: string, headers: Record<string, string> = {}) => {
    const answer = await server.call('POST', `/api/auth/passkey${path}`, { body, cookie, headers })
    server.secrets.add(answer.body?.data?.challenge)
    return answer
  }
  const addPasskey = async () => {
    const authenticator = createSoftwareAuthenticator(server.url)
    const { data } = (await post('/generate-register-options', {}, user.cookie)).body
    const response = authenticator.create(data)
    const { body } = await post('/verify-registration', { response, name: 'My phone' }, user.cookie)
    return { authenticator, passkey: body.data }
  }

  test('sign in, with cookies for session and device, without a password', async () => {
    const { authenticator, passkey } = await addPasskey()
    expect(passkey).toEqual({
      id: expect.any(String),
      name: 'My phone',
      deviceType: 'singleDevice',
      backedUp: false,
      createdAt: expect.stringMatching(/Z$/),
      lastUsedAt: null,
    })
    const { data } = (await post('/generate-authenticate-options', {})).body
    expect(data).toMatchObject({ rpId: 'localhost', userVerification: 'required', allowCredentials: [] })
    const answer = await post('/verify-authentication', {
      response: authenticator.get(data),
      rememberMe: false,
    })
    expect([answer.status, answer.body.data.user.id]).toEqual([200, user.id])
    expect(answer.cookies.map(cookie => cookie.split('=')[0])).toEqual(['snoop_session', 'snoop_device'])
    expect(answer.headers.getSetCookie()[0]).not.toContain('Max-Age')
    const me = await server.call('GET', '/api/user/me', { cookie: answer.cookie })
    expect(me.body.data.email).toBe(user.email)
  })

  test('need a fresh session to be made and removed, none to be looked at and renamed', async () => {
    const { passkey } = await addPasskey()
    server.advance(15 * MINUTE)
    for (const [path, body] of [
      ['/generate-register-options', {}],
      ['/delete', { id: passkey.id }],
    ] as const) {
      const { status, body: refused } = await post(path, body, user.cookie)
      expect([status, refused.code]).toEqual([403, 'FRESH_SESSION_REQUIRED'])
    }
    const renamed = await post('/update', { id: passkey.id, name: 'Old phone' }, user.cookie)
    expect(renamed.body.data).toEqual({ ...passkey, name: 'Old phone' })
    const list = await server.call('GET', '/api/auth/passkey/list', { cookie: user.cookie })
    expect(list.body.data).toEqual([renamed.body.data])
  })

  test('of others are not found', async () => {
    const { passkey } = await addPasskey()
    const other = await server.signUp()
    for (const path of ['/update', '/delete']) {
      const { status, body } = await post(path, { id: passkey.id, name: 'mine' }, other.cookie)
      expect([status, body.code]).toEqual([404, 'NOT_FOUND'])
    }
  })

  test('are for the configured host, whatever the request says', async () => {
    const headers = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      forwarded: 'host=evil.example',
    }
    const creation = await post('/generate-register-options', {}, user.cookie, headers)
    const request = await post('/generate-authenticate-options', {}, undefined, headers)
    expect([creation.body.data.rp.id, request.body.data.rpId]).toEqual(['localhost', 'localhost'])
  })

  test('look the same for an address that has none, and for one that nobody has', async () => {
    await addPasskey()
    const without = await server.signUp()
    const shape = async (email: string) => {
      const { status, headers, cookies, body } = await post('/generate-authenticate-options', { email })
      const { challenge, allowCredentials, ...rest } = body.data
      const [{ id, transports, ...more }] = allowCredentials
      expect([challenge.length, id.length]).toEqual([43, 43])
      return { status, cookies, headers: [...headers.keys()], code: body.code, rest, more }
    }
    const known = await shape(user.email)
    expect([await shape(without.email), await shape('nobody@example.com')]).toEqual([known, known])
  })

  test('are refused in plain words: no text of a library, no stack', async () => {
    const { authenticator } = await addPasskey()
    const { data } = (await post('/generate-authenticate-options', {})).body
    const response = authenticator.get(data, { origin: 'https://evil.example' })
    const { status, body } = await post('/verify-authentication', { response })
    expect([status, body.code, body.message]).toEqual([
      401,
      'INVALID_CREDENTIALS',
      'This passkey was not accepted; try again, or sign in another way',
    ])
    expect(JSON.stringify(body)).not.toContain('evil')
  })
})

describe.skipIf(!browserProgram)('a browser', () => {
  const pageText = readFileSync(new URL('pages/passkey.html', import.meta.url))
  const pages = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(pageText)
  })
  let browser: Browser
  let pageOrigin: string
  beforeAll(async () => {
    pageOrigin = `http://localhost:${await listen(pages)}`
    const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run']
    const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync']
    const executablePath = browserProgram ?? ''
    browser = await chromium.launch({ executablePath, headless: true, args: [...args, ...quiet] })
  })
  afterAll(async () => {
    await browser.close()
    pages.close()
  })

  describeOnEachDatabase('with a passkey', createDatabase => {
    let server: TestServer
    let user: TestUser
    let page: Page
    let cdp: CDPSession
    let authenticatorId: string
    beforeAll(async () => {
      const port = await freePort()
      server = await startTestServer({
        databaseUrl: await createDatabase(),
        port,
        origin: `http://localhost:${port}`,
        trustedOrigins: [pageOrigin],
      })
    })
    afterAll(() => server.stop())
    beforeEach(async () => {
      user = await server.signUp()
      const context = await browser.newContext()
      page = await context.newPage()
      cdp = await context.newCDPSession(page)
      await cdp.send('WebAuthn.enable')
      const options = {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      } as const
      ;({ authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options }))
      await page.goto(`${pageOrigin}/?api=http://localhost:${new URL(server.url).port}`)
      const { email, password } = user
      await run('call', '/sign-in/email', { email, password })
    })
    afterEach(() => page.context().close())

    /** A function of the page. */
    // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
    const run = (name: string, ...parameters: unknown[]): Promise<any> =>
      page.evaluate(`${name}(${parameters.map(each => JSON.stringify(each) ?? 'undefined').join()})`)
    const list = async () => (await run('call', '/passkey/list', {}, 'GET')).data

    test('registers it and signs in with it, with and without a typed address, until it is removed', async () => {
      const registered = await run('register')
      expect(registered).toMatchObject({
        status: 200,
        data: { name: expect.stringMatching(/^Passkey made with Chrom\w+/), lastUsedAt: null },
      })
      const { id } = registered.data
      for (const email of [undefined, user.email]) {
        expect((await run('call', '/sign-out')).status).toBe(200)
        expect((await run('call', '/get-session', {}, 'GET')).status).toBe(401)
        expect(await run('signIn', email)).toMatchObject({ status: 200, data: { user: { id: user.id } } })
        expect((await run('call', '/get-session', {}, 'GET')).data.user.email).toBe(user.email)
      }
      expect(await list()).toMatchObject([{ id, lastUsedAt: expect.stringMatching(/Z$/) }])
      expect((await run('call', '/passkey/update', { id, name: 'My laptop' })).data.name).toBe('My laptop')
      expect((await run('call', '/passkey/delete', { id })).status).toBe(200)
      expect(await list()).toEqual([])
      for (const [email, refusal] of [
        [undefined, { status: 401, code: 'INVALID_CREDENTIALS' }],
        [user.email, { refusedByBrowser: 'NotAllowedError' }],
      ]) {
        expect(await run('signIn', email)).toMatchObject(refusal as object)
      }
    })

    test('makes no second one on the same device', async () => {
      expect((await run('register')).status).toBe(200)
      expect(await run('register')).toEqual({ refusedByBrowser: 'InvalidStateError' })
      expect(await list()).toHaveLength(1)
    })

    test('is refused where nobody showed a finger or typed a PIN, also if its page asks for none', async () => {
      expect((await run('register')).status).toBe(200)
      await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
      expect(await run('signIn', undefined)).toEqual({ refusedByBrowser: 'NotAllowedError' })
      expect(await run('signIn', undefined, { userVerification: 'discouraged' })).toMatchObject({
        status: 401,
        code: 'INVALID_CREDENTIALS',
      })
    })
  })
})
