import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { startTestServer, type TestServer, type TestUser } from '../src/testing/start-test-server'

const DAY = 24 * 3600_000
const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36'

describeOnEachDatabase('sessions', createDatabase => {
  let server: TestServer
  let user: TestUser
  beforeAll(async () => {
    server = await startTestServer({ databaseUrl: await createDatabase() })
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    user = await server.signUp()
  })

  const signIn = async (
    more: { cookie?: string; headers?: Record<string, string>; rememberMe?: boolean } = {},
  ) => {
    const { rememberMe, ...call } = more
    const { email, password } = user
    const body = { email, password, ...(rememberMe !== undefined && { rememberMe }) }
    const answer = await server.call('POST', '/api/auth/sign-in/email', { ...call, body })
    return { ...answer, cookie: answer.cookie ?? '', id: answer.body.data.session.id as string }
  }
  const get = (path: string, cookie: string) => server.call('GET', `/api/auth${path}`, { cookie })
  const post = (path: string, cookie: string, body?: unknown) =>
    server.call('POST', `/api/auth${path}`, { cookie, ...(body !== undefined && { body }) })
  const isLive = async (cookie: string) => (await get('/get-session', cookie)).status === 200
  /** Of the session cookie. */
  const maxAge = (headers: Headers) =>
    headers
      .getSetCookie()
      .map(cookie => /^snoop_session=.*Max-Age=(\d+)/.exec(cookie)?.[1])
      .find(age => age !== undefined)

  test('have a new id and secret at every sign-in, whatever cookie comes along', async () => {
    const planted = `snoop_session=${'A'.repeat(43)}`
    const cookies = [user.cookie]
    for (const cookie of [planted, user.cookie, 'snoop_session=', `snoop_session=x; ${planted}`]) {
      cookies.push((await signIn({ cookie })).cookie)
    }
    expect(new Set(cookies).size).toBe(cookies.length)
    expect(cookies).not.toContain(planted)
    expect(await isLive(planted)).toBe(false)
    expect(await isLive(cookies.at(-1) ?? '')).toBe(true)
  })

  test('are listed by id, newest first, with what tells them apart and no secret', async () => {
    const { cookie, id } = await signIn({ headers: { 'user-agent': CHROME } })
    const { body } = await get('/list-sessions', cookie)
    expect(body.data).toHaveLength(2)
    expect(body.data[0]).toEqual({
      id,
      device: 'Chrome on Linux',
      ipAddress: '127.0.0.1',
      createdAt: expect.stringMatching(/Z$/),
      lastSeenAt: expect.stringMatching(/Z$/),
      expiresAt: expect.stringMatching(/Z$/),
      current: true,
    })
    expect(body.data[1].current).toBe(false)
    expect(JSON.stringify(body)).not.toContain(cookie.split('=')[1])
    expect((await get('/get-session', cookie)).body.data.session).toEqual(body.data[0])
  })

  test.each([
    '',
    ' ',
    'x',
    'curl/8.5.0',
    'snoop-cli/0.1.0 (linux)',
    '\u00ff\u00fe',
    '(((((((',
    'a'.repeat(8000),
  ])('take any User-Agent, such as %j', async agent => {
    const { cookie } = await signIn({ headers: { 'user-agent': agent } })
    const { status, body } = await get('/list-sessions', cookie)
    expect(status).toBe(200)
    expect(body.data[0].device.length).toBeGreaterThan(0)
  })

  test('end by sign-out, which takes the cookie away', async () => {
    const { cookie } = await signIn()
    const answer = await post('/sign-out', cookie)
    expect(answer.headers.get('set-cookie')).toMatch(
      /^snoop_session=; Path=\/; HttpOnly; SameSite=Lax; Max-Age=0$/,
    )
    expect([await isLive(cookie), await isLive(user.cookie)]).toEqual([false, true])
    expect((await post('/sign-out', cookie)).body.code).toBe('INVALID_OR_EXPIRED_TOKEN')
  })

  test('end one by one, all others, and all, on the next request', async () => {
    const [one, two, three] = [await signIn(), await signIn(), await signIn()]
    expect((await post('/revoke-session', user.cookie, { id: one.id })).body.data).toEqual({
      revokedCount: 1,
    })
    expect([await isLive(one.cookie), await isLive(two.cookie)]).toEqual([false, true])
    expect((await post('/revoke-session', user.cookie, { id: one.id })).status).toBe(404)
    expect((await post('/revoke-other-sessions', two.cookie)).body.data).toEqual({ revokedCount: 2 })
    expect([await isLive(user.cookie), await isLive(two.cookie), await isLive(three.cookie)]).toEqual([
      false,
      true,
      false,
    ])
    const last = await signIn()
    const all = await post('/revoke-sessions', two.cookie)
    expect(all.body.data).toEqual({ revokedCount: 2 })
    expect(maxAge(all.headers)).toBe('0')
    expect([await isLive(two.cookie), await isLive(last.cookie)]).toEqual([false, false])
  })

  test('take the cookie away when one ends itself by its id', async () => {
    const { cookie, id } = await signIn()
    expect(maxAge((await post('/revoke-session', cookie, { id })).headers)).toBe('0')
    expect(await isLive(cookie)).toBe(false)
  })

  test('of others are not found, and look like none', async () => {
    const mine = await signIn()
    const stranger = await server.signUp()
    const answers = [
      await post('/revoke-session', stranger.cookie, { id: mine.id }),
      await post('/revoke-session', stranger.cookie, { id: '01HZ3K5R4X9Y2V6QF8TJ7W0CDN' }),
    ]
    expect(answers[0]?.status).toBe(404)
    expect(answers[0]?.body).toEqual(answers[1]?.body)
    expect(await isLive(mine.cookie)).toBe(true)
    await post('/revoke-sessions', stranger.cookie)
    expect(await isLive(mine.cookie)).toBe(true)
  })

  test('slide by seven days at a time, set their cookie anew once a day, and end after thirty days', async () => {
    const { cookie } = await signIn()
    const brief = await signIn({ rememberMe: false })
    expect(maxAge(brief.headers)).toBeUndefined()
    server.advance(DAY)
    const renewed = await get('/get-session', cookie)
    expect([renewed.cookie, maxAge(renewed.headers)]).toEqual([cookie, String(7 * 24 * 3600)])
    expect((await get('/get-session', cookie)).headers.get('set-cookie')).toBeNull()
    const briefRenewed = await get('/get-session', brief.cookie)
    expect([briefRenewed.cookie, maxAge(briefRenewed.headers)]).toEqual([brief.cookie, undefined])
    for (let day = 7; day < 30; day += 6) {
      server.advance(6 * DAY)
      expect(await isLive(cookie)).toBe(true)
    }
    server.advance(5 * DAY)
    expect([await isLive(cookie), await isLive(brief.cookie)]).toEqual([false, false])
  })
})
