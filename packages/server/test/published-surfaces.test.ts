import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../src/config/read-config'
import { DEFAULT_RATE_LIMITS } from '../src/config/settings'
import { findPublishedPages, type PublishedPage } from '../src/testing/published-page'
import { codeSamples, shownObjects } from '../src/testing/published-samples'
import { startTestServer, type TestServer, type TestUser } from '../src/testing/start-test-server'
import { twoFactorKit } from './kit/two-factor-kit'

const run = promisify(execFile)
const SHIM = fileURLToPath(new URL('../src/testing/python/', import.meta.url))

const pages = findPublishedPages('002', '003', '004')
const pageOf = (number: string): PublishedPage =>
  pages.find(({ name }) => name.startsWith(number)) ?? { name: number, text: '' }
const hasRequests = (): boolean => {
  try {
    execFileSync('python3', ['-c', 'import requests'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** What stands in a sample for something of the reader's own, and what it is here. */
type Given = Readonly<Record<string, string>>

const fill = (code: string, given: Given): string =>
  Object.entries(given).reduce((text, [placeholder, value]) => text.replaceAll(placeholder, value), code)

/** Runs a program over a sample. @returns what it printed */
const runProgram = async (program: string, args: string[], env: Given = {}): Promise<string> => {
  const { stdout } = await run(program, args, { env: { PATH: process.env.PATH ?? '', ...env } })
  return stdout
}
const runJavascript = (code: string, env?: Given): Promise<string> =>
  runProgram(process.execPath, ['--input-type=module', '-e', code], env)
const runPython = (code: string, env: Given = {}): Promise<string> =>
  runProgram('python3', ['-c', code], { ...(hasRequests() ? {} : { PYTHONPATH: SHIM }), ...env })

interface CurlAnswer {
  readonly status: number
  readonly headers: string
  // biome-ignore lint/suspicious/noExplicitAny: each command has another answer
  readonly body: any
}

const folder = mkdtempSync(join(tmpdir(), 'snoop-samples-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const runCurl = async (command: string): Promise<CurlAnswer> => {
  const script = command.replace(/^curl/, 'curl -sS -D headers.txt -o body.json')
  await run('bash', ['-euc', script], { cwd: folder, env: { PATH: process.env.PATH ?? '' } })
  const headers = readFileSync(join(folder, 'headers.txt'), 'utf8').toLowerCase()
  const status = Number(/ (\d{3}) /.exec(headers)?.[1])
  return { status, headers, body: JSON.parse(readFileSync(join(folder, 'body.json'), 'utf8')) }
}

/** Keys in their order, and the types of their values. */
const shape = (value: unknown): unknown => {
  if (value === null || typeof value !== 'object') return typeof value
  return Object.entries(value).map(([key, inner]) => [key, shape(inner)])
}

/** Signs up the reader of a page, whose password the pages write down. */
const signUp = async (server: TestServer, email: string, password: string): Promise<TestUser> => {
  await server.call('POST', '/api/auth/sign-up/email', { body: { email, password, name: 'John Doe' } })
  const { cookie = '', body } = await server.call('POST', '/api/auth/sign-in/email', {
    body: { email, password },
  })
  return { email, password, id: body.data.user.id, cookie, organizationId: '' }
}

const noPages = pages.length === 0

describe.skipIf(noPages)('the samples of the page on Snipy', () => {
  const page = pageOf('002')
  const [shownTokens, shownChallenge] = shownObjects(page).filter(
    object => 'access_token' in object || 'error' in object,
  )
  let server: TestServer
  let host: Given
  let key: string
  beforeAll(async () => {
    server = await startTestServer({ rateLimits: { ...DEFAULT_RATE_LIMITS, snipyToken: null } })
    host = { 'https://api.snipy.com': server.url }
    const user = await signUp(server, 'user@example.com', 'your_password')
    key = (await server.createKey(user, { format: 'snpy', scopes: [] })).key
  })
  afterAll(() => server.stop())

  test('by curl: a list by key, tokens, a list by token, a refresh, a revocation', async () => {
    const commands = codeSamples(page, 'curl')
    expect(commands).toHaveLength(6)
    const [byKey = '', token = '', byToken = '', refresh = '', , revoke = ''] = commands
    const listed = await runCurl(fill(byKey, { ...host, 'snpy_a1b2c3d4e5f6...': key }))
    expect(listed).toMatchObject({ status: 200, body: { error: 0, data: { result: 0, urls: [] } } })
    expect(listed.headers).toContain('x-ratelimit-limit: 60')
    expect(listed.headers).toContain('x-ratelimit-remaining: ')

    const first = await runCurl(fill(token, host))
    expect([first.status, shape(first.body)]).toEqual([200, shape(shownTokens)])
    expect(first.body).toMatchObject({ expires_in: 86_400, token_type: 'Bearer' })
    const { access_token, refresh_token } = first.body
    // The header of the shown token says HS256, as ours does.
    expect(access_token).toMatch(/^eyJhbGciOiJIUzI1NiI/)
    expect(String(shownTokens?.access_token).startsWith(access_token.slice(0, 20))).toBe(true)
    const withToken = { ...host, 'eyJhbGciOiJIUzI1NiIs...': access_token }
    expect(await runCurl(fill(byToken, withToken))).toMatchObject({ status: 200, body: { error: 0 } })

    const next = await runCurl(fill(refresh, { ...host, 'dGhpcyBpcyBhIHJlZnJl...': refresh_token }))
    expect([next.status, shape(next.body)]).toEqual([200, shape(shownTokens)])
    const withNext = { ...host, 'eyJhbGciOiJIUzI1NiIs...': next.body.access_token }
    expect(await runCurl(fill(revoke, withNext))).toMatchObject({ status: 200, body: { error: 0 } })
    expect(await runCurl(fill(byToken, withNext))).toMatchObject({ status: 401, body: { error: 1 } })
  })

  test('by curl: a second factor', async () => {
    const user = await signUp(server, 'second@example.com', 'your_password')
    await server.verifyAddress(user.email)
    const { enable, prove, totp, newTotp } = twoFactorKit(server)
    const { secret } = await enable(user.cookie)
    await prove('/verify-totp', { code: totp(secret) }, user.cookie)
    const [, token = '', , , complete = ''] = codeSamples(page, 'curl')
    const challenged = await runCurl(fill(token, { ...host, 'user@example.com': user.email }))
    expect([challenged.status, shape(challenged.body)]).toEqual([200, shape(shownChallenge)])
    const { challenge_token } = challenged.body.data
    const given = { ...host, 'ch_abc123...': challenge_token, '123456': newTotp(secret) }
    const completed = await runCurl(fill(complete, given))
    expect([completed.status, shape(completed.body)]).toEqual([200, shape(shownTokens)])
  })

  test('by node', async () => {
    const [list = '', getToken = '', ...rest] = codeSamples(page, 'javascript')
    expect([list, getToken].map(code => code.length > 100)).toEqual([true, true])
    expect(rest).toEqual([])
    const printed = await runJavascript(fill(list, { ...host, 'snpy_a1b2c3d4e5f6...': key }))
    expect(printed).toContain('error: 0')
    const ask = `console.log(JSON.stringify(await getAccessToken('user@example.com', 'your_password')))`
    const tokens = JSON.parse(await runJavascript(`${fill(getToken, host)}\n${ask}`))
    expect(tokens).toEqual({ accessToken: expect.any(String), refreshToken: expect.any(String) })
  })

  test('by python', async () => {
    const [list = '', getToken = '', ...rest] = codeSamples(page, 'python')
    expect([list, getToken].map(code => code.length > 100)).toEqual([true, true])
    expect(rest).toEqual([])
    const printed = await runPython(fill(list, { ...host, 'snpy_a1b2c3d4e5f6...': key }))
    expect(printed).toContain("'error': 0")
    const ask = `import json\nprint(json.dumps(get_access_token('user@example.com', 'your_password')))`
    const tokens = JSON.parse(await runPython(`${fill(getToken, host)}\n${ask}`))
    expect(tokens).toEqual({ access_token: expect.any(String), refresh_token: expect.any(String) })
  })
})

describe.skipIf(noPages)('the samples of the page on SnapTrack', () => {
  const page = pageOf('003')
  const [shownTest, shownUnauthorized, shownDenied] = shownObjects(page)
  let server: TestServer
  let token: string
  beforeAll(async () => {
    server = await startTestServer({ rateLimits: DEFAULT_RATE_LIMITS, defaultPlan: 'pro' })
    const user = await server.signUp('John Doe')
    token = (await server.createKey(user, { format: 'snt', scopes: [] })).key
  })
  afterAll(() => server.stop())
  const given = (value = token, at = server): Given => ({
    'https://api.snaptrack.dev': at.url,
    YOUR_API_TOKEN: value,
  })

  test('by curl: the websites, and the test of a token', async () => {
    const [websites = '', testToken = '', ...rest] = codeSamples(page, 'curl')
    expect(rest).toEqual([])
    const tested = await runCurl(fill(testToken, given()))
    expect([tested.status, shape(tested.body)]).toEqual([200, shape(shownTest)])
    expect(tested.body).toMatchObject({
      message: 'API is working',
      user: { name: 'John Doe', subscription_tier: 'pro' },
      rate_limit: { limit: 20, remaining: 19 },
    })
    const minuteEnds = tested.body.rate_limit.reset
    expect(minuteEnds % 60).toBe(0)
    expect(tested.headers).toContain(`x-ratelimit-reset: ${minuteEnds}`)
    const listed = await runCurl(fill(websites, given()))
    expect(listed).toMatchObject({ status: 200, body: { data: [], meta: { current_page: 1, total: 0 } } })
  })

  test('by curl: what the page shows of refusals', async () => {
    const [, testToken = ''] = codeSamples(page, 'curl')
    const unknown = await runCurl(fill(testToken, given('snt_unknown')))
    expect([unknown.status, unknown.body]).toEqual([401, shownUnauthorized])
    const free = await startTestServer({ defaultPlan: 'free' })
    const user = await free.signUp()
    const { key } = await free.createKey(user, { format: 'snt', scopes: [] })
    const denied = await runCurl(fill(testToken, given(key, free)))
    await free.stop()
    expect(denied.status).toBe(403)
    expect(denied.body).toMatchObject(shownDenied ?? {})
  })

  test('by node and python: the token out of the environment that the page writes down', async () => {
    const lines = page.text.split('\n').filter(line => /^SNAPTRACK_\w+=/.test(line))
    const file = lines.map(line => /^(SNAPTRACK_API_(?:TOKEN|URL))=(\S+?)(?:Access.*)?$/.exec(line))
    const env = Object.fromEntries(file.map(match => [match?.[1] ?? '', match?.[2] ?? '']))
    expect(env).toEqual({
      SNAPTRACK_API_TOKEN: 'your_token_here',
      SNAPTRACK_API_URL: 'https://api.snaptrack.dev',
    })
    const own = { SNAPTRACK_API_TOKEN: token, SNAPTRACK_API_URL: server.url }
    const [javascript = '', ...moreJavascript] = codeSamples(page, 'javascript')
    const [python = '', ...morePython] = codeSamples(page, 'python')
    expect([...moreJavascript, ...morePython]).toEqual([])
    const fetched = await runJavascript(
      `${javascript}
       const answer = await fetch(apiUrl + '/test', { headers: { Authorization: 'Bearer ' + token } })
       console.log(await answer.text())`,
      own,
    )
    expect(JSON.parse(fetched)).toMatchObject({ success: true })
    const asked = `import requests\nprint(requests.get(api_url + '/test', headers={'Authorization': 'Bearer ' + token}).text)`
    expect(JSON.parse(await runPython(`${python}\n${asked}`, own))).toMatchObject({ success: true })
  })
})

describe.skipIf(noPages)('the samples of the page on Snaapi', () => {
  const page = pageOf('004')
  const [request = {}, permissions = {}] = shownObjects(page)
  let server: TestServer
  let user: TestUser
  beforeAll(async () => {
    const setting = /^SNAAPI_RATE_LIMIT_PER_MIN=(\d+)$/m.exec(page.text)?.[1]
    const env = { SNAAPI_RATE_LIMIT_PER_MIN: setting }
    const { keyRateLimit } = readConfig({ argv: [], env, readFile: () => '', cwd: '/' })
    server = await startTestServer({ keyRateLimit })
    user = await signUp(server, String(request.email), String(request.password))
  })
  afterAll(() => server.stop())
  const post = async (body: unknown) => {
    const answer = await server.call('POST', '/token', { body })
    server.secrets.add(answer.body.key)
    return answer
  }

  test('a request for a key, as it stands, whose map then holds', async () => {
    const made = await post(request)
    expect([made.status, made.body]).toEqual([200, { key: expect.stringMatching(/^sna_/) }])
    const { key } = made.body
    const created = await server.call('POST', '/v1/posts', { key, body: { title: 'One', body: 'Two' } })
    expect(created.status).toBe(201)
    const shown = await server.call('GET', '/v1/posts', { key })
    const { data } = shown.body
    expect(Object.keys(data[0]).sort()).toEqual(['body', 'created_at', 'id', 'title', 'updated_at'])
    expect((await server.call('DELETE', `/v1/posts/${data[0].id}`, { key })).status).toBe(403)
    expect((await server.call('GET', '/v1/comments', { key })).status).toBe(200)
    expect((await server.call('POST', '/v1/comments', { key, body: { text: 'No' } })).status).toBe(403)
  })

  test('the map that the page explains, and every property that it promises of a key', async () => {
    const made = await post({ ...request, permissions })
    expect(made.status).toBe(200)
    const users = await server.call('GET', '/v1/users', { key: made.body.key })
    expect(users.body.data[0]).toMatchObject({ email: user.email })
    const { body } = await server.call('GET', '/api/auth/api-key/list', { cookie: user.cookie })
    const promised = [...page.text.matchAll(/^(\w+) (?:uuid|string|boolean|JSON|datetime|number) /gm)].map(
      ([, name]) => name,
    )
    expect(promised).toHaveLength(17)
    expect(Object.keys(body.data[0])).toEqual(expect.arrayContaining(promised))
    expect(body.data[0]).toMatchObject({
      permissions,
      prefix: 'sna_',
      rateLimitEnabled: true,
      rateLimitMax: 200,
    })
    expect(made.body.key.startsWith(body.data[0].start)).toBe(true)
  })
})
