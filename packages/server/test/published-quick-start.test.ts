import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../src/config/settings'
import { curlCommands, findPublishedPages, shownAnswers } from '../src/testing/published-page'
import { startTestServer, type TestServer } from '../src/testing/start-test-server'

const run = promisify(execFile)
const PLACEHOLDER_KEY = 'ba_AbCdEf0123456789XyZ...'

interface CurlAnswer {
  readonly status: number
  readonly headers: string
  // biome-ignore lint/suspicious/noExplicitAny: each command has another answer
  readonly body: any
}

const pages = findPublishedPages('000', '001')
// Without the pages one suite is shown as left out.
const shown = pages.length > 0 ? pages : [{ name: 'the published pages', text: '' }]

describe.skipIf(pages.length === 0).each(shown)('the curl commands of $name', page => {
  let server: TestServer
  let folder: string
  beforeAll(async () => {
    server = await startTestServer({ rateLimits: DEFAULT_RATE_LIMITS })
    folder = mkdtempSync(join(tmpdir(), 'snoop-curl-'))
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await server.stop()
  })

  /** Runs a command as a shell runs it, with nothing put in but host, address, key and id. */
  const curl = async (
    command: string,
    given: { key?: string; organizationId?: string } = {},
  ): Promise<CurlAnswer> => {
    const script = command
      .replaceAll('https://api.example.com', server.url)
      .replaceAll(/\[email\sprotected\]/g, 'you@example.com')
      .replaceAll(PLACEHOLDER_KEY, given.key ?? PLACEHOLDER_KEY)
      .replace(/^curl/, 'curl -sS -D headers.txt -o body.json')
    const env = { PATH: process.env.PATH ?? '', ORG_ID: given.organizationId ?? '' }
    await run('bash', ['-euc', script], { cwd: folder, env })
    const headers = readFileSync(join(folder, 'headers.txt'), 'utf8').toLowerCase()
    const status = Number(/ (\d{3}) /.exec(headers)?.[1])
    const body = JSON.parse(readFileSync(join(folder, 'body.json'), 'utf8'))
    server.secrets.add(body.data?.key)
    server.secrets.add(/snoop_session=([^;]+)/.exec(headers)?.[1])
    return { status, headers, body }
  }

  test('do the whole quick start, with the documented status, keys and headers', async () => {
    const commands = curlCommands(page)
    expect(commands).toHaveLength(5)
    const [signUp = '', signIn = '', createKey = '', me = '', projects = ''] = commands
    const [shownKey, shownUser] = shownAnswers(page)

    const signedUp = await curl(signUp)
    expect(signedUp.body).toMatchObject({ success: true, status: signedUp.status, code: 'OK' })
    const mail = await server.mail('you@example.com')
    const link = new URL(/http:\/\/\S+verify-email\S+/.exec(mail.text ?? '')?.[0] ?? '')
    await server.call('GET', link.pathname + link.search)

    const signedIn = await curl(signIn)
    expect(signedIn.body).toMatchObject({ success: true, status: 200, code: 'OK' })
    expect(signedIn.headers).toContain('set-cookie: snoop_session=')

    const created = await curl(createKey)
    expect(created.status).toBe(200)
    expect(shape(created.body)).toEqual(shape(shownKey))
    expect(created.body).toMatchObject({ message: 'API key created', data: { name: 'CI deploy bot' } })
    const { key } = created.body.data

    const account = await curl(me, { key })
    expect(account.status).toBe(200)
    expect(account.body.message).toBe('User fetched successfully')
    expect(account.body).toMatchObject(typesOf(shownUser))
    expect(account.body.data).toMatchObject({ fullName: 'Your Name', handle: 'yourname', isVerified: true })

    const organizations = await server.call('GET', '/api/user/organizations', { key })
    const tenant = await curl(projects, { key, organizationId: organizations.body.data[0].id })
    expect(tenant.body).toMatchObject({
      success: true,
      status: 200,
      code: 'OK',
      data: [],
      meta: { total: 0 },
    })

    for (const answer of [signedUp, signedIn, created, account, tenant]) {
      for (const header of ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'x-request-id']) {
        expect(answer.headers).toContain(`${header}: `)
      }
    }
  })
})

/** Keys in their order, and the types of their values. */
const shape = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shape)
  if (value === null || typeof value !== 'object') return typeof value
  return Object.entries(value).map(([key, inner]) => [key, shape(inner)])
}

/** A pattern for `toMatchObject`: every key that is shown must be there, with a value of the same type. */
const typesOf = (value: unknown): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value as Record<string, unknown>).map(([key, inner]) => [
      key,
      inner !== null && typeof inner === 'object' ? typesOf(inner) : expect.any(Object(inner).constructor),
    ]),
  )
