import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEngine } from '../src/storage/open-engine'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { type SpawnedServer, spawnServer } from '../src/testing/spawn-server'

const LIMIT = 200
const WINDOW = { rateLimitEnabled: true, rateLimitMax: LIMIT, rateLimitTimeWindow: 3_600_000 }
/** Nothing comes back while the test runs. */
const BUCKET = { ...WINDOW, refillInterval: 3_600_000, refillAmount: LIMIT }
const NO_LIMITS = ['global', 'signIn', 'signUp'].flatMap(group => ['--rate-limit', `${group}=off`])

/** Connections stay open for the next rush: to open a thousand takes longer than to answer on them. */
const agent = new Agent({ keepAlive: true, maxSockets: 250 })

const sendOnce = (url: string, key: string): Promise<number> =>
  new Promise((resolve, reject) => {
    get(`${url}/api/user/me`, { agent, headers: { 'x-api-key': key } }, answer => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
    }).on('error', reject)
  })

/** `count` requests at once with a key, spread over servers. @returns statuses that came, each with how often */
const rush = async (urls: readonly string[], key: string, count: number): Promise<Record<number, number>> => {
  const statuses: Record<number, number> = {}
  const send = async (url = '') => {
    const status = await sendOnce(url, key)
    statuses[status] = (statuses[status] ?? 0) + 1
  }
  await Promise.all(Array.from({ length: count }, (_, at) => send(urls[at % urls.length])))
  return statuses
}

describeOnEachDatabase('processes on one database', (createDatabase, engineName) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'snoop-limits-'))
  let database: string
  let servers: SpawnedServer[]
  let cookie: string

  const start = () =>
    spawnServer(['--data-dir', dataDir, '--log-level', 'warn', ...NO_LIMITS], { SNOOP_DATABASE: database })
  const urls = () => servers.map(({ url }) => url)
  const post = async (path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json', ...(cookie && { cookie }) }
    const response = await fetch(`${urls()[0]}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    return (await response.json()) as { data: { key: string; id: string } }
  }
  const createKey = async (limit: object) =>
    (await post('/api/auth/api-key/create', { name: 'key', scopes: ['user:read'], ...limit })).data

  beforeAll(async () => {
    database = await createDatabase()
    cookie = ''
    servers = [await start()]
    const account = { email: 'ada@example.com', password: 'a-long-secure-passphrase', name: 'Ada' }
    await post('/api/auth/sign-up/email', account)
    await post('/api/auth/sign-in/email', account)
  })
  afterAll(async () => {
    agent.destroy()
    for (const server of servers) await server.end('SIGKILL')
    rmSync(dataDir, { recursive: true, force: true })
  })

  test.each([
    ['1,000: a window', 1000, WINDOW],
    ['400: a bucket', 400, BUCKET],
  ])('one alone lets exactly 200 at once through, of %s', async (_kind, count, limit) => {
    const { key } = await createKey(limit)
    expect(await rush(urls(), key, count)).toEqual({ 200: LIMIT, 429: count - LIMIT })
  })

  test('a second one knows what the first has counted alone', async () => {
    const { key } = await createKey(WINDOW)
    expect(await rush(urls(), key, 150)).toEqual({ 200: 150 })
    servers.push(await start())
    expect(await rush(urls().slice(1), key, 100)).toEqual({ 200: 50, 429: 50 })
    expect(await rush(urls().slice(0, 1), key, 5)).toEqual({ 429: 5 })
  })

  test.each([
    ['1,000: a window', 1000, WINDOW],
    ['400: a bucket', 400, BUCKET],
  ])('two let exactly 200 at once through together, of %s', async (_kind, count, limit) => {
    const { key } = await createKey(limit)
    expect(await rush(urls(), key, count)).toEqual({ 200: LIMIT, 429: count - LIMIT })
  })

  test('a rotated key goes on in the same window, on each', async () => {
    const { key, id } = await createKey({ ...WINDOW, rateLimitMax: 10 })
    expect(await rush(urls(), key, 7)).toEqual({ 200: 7 })
    const successor = (await post('/api/auth/api-key/rotate', { keyId: id })).data
    expect(await rush(urls(), successor.key, 10)).toEqual({ 200: 3, 429: 7 })
  })

  test('kill -9 of one neither loses a count nor keeps the next from starting', async () => {
    const { key, id } = await createKey({ ...WINDOW, rateLimitMax: 100 })
    expect(await rush(urls(), key, 60)).toEqual({ 200: 60 })
    expect(await servers.pop()?.end('SIGKILL')).toBe('SIGKILL')
    expect(await rush(urls(), key, 20)).toEqual({ 200: 20 })
    servers.push(await start())
    // It did not wait in vain for the dead one.
    expect(servers[1]?.stderr()).not.toContain('limits.join_failed')
    expect(await rush(urls(), key, 100)).toEqual({ 200: 20, 429: 80 })

    const counted = await createKey(WINDOW)
    expect(await rush(urls(), counted.key, 90)).toEqual({ 200: 90 })
    for (const server of servers) expect(await server.end('SIGTERM')).toBe(0)
    const engine = await openEngine({ database })
    const keys = await engine.db.selectFrom('api_keys').select(['id', 'request_count']).execute()
    await engine.close()
    expect(keys.find(row => row.id === counted.id)?.request_count).toBe(90)
    expect(keys.find(row => row.id === id)?.request_count).toBeGreaterThanOrEqual(100)
  })

  // PostgreSQL always counts in the database.
  if (engineName === 'sqlite')
    test('one that starts alone after all that counts alone', async () => {
      servers = [await start()]
      const { key } = await createKey({ ...WINDOW, rateLimitMax: 3 })
      expect(await rush(urls(), key, 5)).toEqual({ 200: 3, 429: 2 })
    })
})
