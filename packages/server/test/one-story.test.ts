import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../src/config/settings'
import {
  startTestServer,
  type TestAnswer,
  type TestServer,
  type TestUser,
} from '../src/testing/start-test-server'

/** How one dialect tells of making, seeing, changing and losing a thing of an organization. */
interface Telling {
  readonly format: 'ba' | 'snpy' | 'snt' | 'sna'
  credential(key: string): Record<string, string>
  readonly list: string
  readonly create: readonly [path: string, body: object]
  readonly invalid: object
  one(id: string | number): string
  readonly update: readonly ['PUT' | 'PATCH', (id: string | number) => string, object]
  remove(id: string | number): string
  readonly unknownId: string | number
}

const inHeader = (key: string) => ({ 'X-Api-Key': key })
const asBearer = (key: string) => ({ Authorization: `Bearer ${key}` })
const PROJECTS = '/api/user/organizations/ORGANIZATION/projects'

const TELLINGS: Readonly<Record<'native' | 'snipy' | 'snaptrack' | 'snaapi', Telling>> = {
  native: {
    format: 'ba',
    credential: inHeader,
    list: PROJECTS,
    create: [PROJECTS, { name: 'Home page', website: 'https://example.com' }],
    invalid: { name: 'Home page', website: 'no address' },
    one: id => `${PROJECTS}/${id}`,
    update: ['PUT', id => `${PROJECTS}/${id}`, { website: 'https://example.org' }],
    remove: id => `${PROJECTS}/${id}`,
    unknownId: '01HZ3K5R4X9Y2V6QF8TJ7W0CDN',
  },
  snipy: {
    format: 'snpy',
    credential: inHeader,
    list: '/api/urls',
    create: ['/api/url/add', { url: 'https://example.com', alias: 'home-page' }],
    invalid: { url: 'no address' },
    one: id => `/api/url/${id}`,
    update: ['PUT', id => `/api/url/${id}/update`, { url: 'https://example.org' }],
    remove: id => `/api/url/${id}/delete`,
    unknownId: 4711,
  },
  snaptrack: {
    format: 'snt',
    credential: asBearer,
    list: '/websites',
    create: ['/websites', { name: 'Home page', url: 'https://example.com' }],
    invalid: { name: 'Home page', url: 'no address' },
    one: id => `/websites/${id}`,
    update: ['PUT', id => `/websites/${id}`, { url: 'https://example.org' }],
    remove: id => `/websites/${id}`,
    unknownId: 4711,
  },
  snaapi: {
    format: 'sna',
    credential: asBearer,
    list: '/v1/posts',
    create: ['/v1/posts', { title: 'Home page', body: 'https://example.com' }],
    invalid: { title: 4711 },
    one: id => `/v1/posts/${id}`,
    update: ['PATCH', id => `/v1/posts/${id}`, { body: 'https://example.org' }],
    remove: id => `/v1/posts/${id}`,
    unknownId: '01HZ3K5R4X9Y2V6QF8TJ7W0CDN',
  },
}

/** Headers that a dialect has a say in. */
const SHOWN_HEADERS = [
  'content-type',
  'ratelimit-limit',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'retry-after',
  'x-error-code',
]

describe('one story', () => {
  let server: TestServer
  let user: TestUser
  beforeAll(async () => {
    server = await startTestServer({
      rateLimits: { ...DEFAULT_RATE_LIMITS, signUp: null, signIn: null },
      keyRateLimit: { max: 200, windowMs: 60_000 },
    })
    user = await server.signUp('Ada')
    // No calendar minute may end within a story.
    server.advance(60_000 - (server.now() % 60_000))
  })
  afterAll(() => server.stop())

  /** What differs from run to run has the same name in each. */
  const mask = (text: string): string =>
    text
      .replaceAll(server.url, 'ORIGIN')
      .replaceAll(user.organizationId, 'ORGANIZATION')
      .replaceAll(user.id, 'ADA')
      .replaceAll(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, id => (id === TELLINGS.native.unknownId ? 'NOBODY' : 'ID'))
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME')
      .replaceAll(/(x-ratelimit-reset: )\d{10}/g, '$1MINUTE')
      // The window of the address, in which other tests of this file count too.
      .replaceAll(/(x-ratelimit-limit: 500\nx-ratelimit-remaining: )\d+/g, '$1SOME')

  const show = (line: string, { status, headers, body }: TestAnswer): string => {
    const shown = SHOWN_HEADERS.flatMap(name => (headers.has(name) ? [`${name}: ${headers.get(name)}`] : []))
    const text = body === '' ? '' : `\n${JSON.stringify(body, null, 2)}`
    return mask(`> ${line}\n${status}\n${shown.join('\n')}${text}\n`)
  }

  test.each(Object.entries(TELLINGS))('as %s tells it', async (name, telling) => {
    const { key, id: keyId } = await server.createKey(user, {
      format: telling.format,
      scopes: telling.format === 'ba' ? ['projects:read', 'projects:write'] : [],
    })
    const told: string[] = []
    const call = async (
      what: string,
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = telling.credential(key),
    ): Promise<TestAnswer> => {
      const answer = await server.call(method, path.replace('ORGANIZATION', user.organizationId), {
        body,
        headers,
      })
      const asked = body === undefined ? '' : ` ${typeof body === 'string' ? body : JSON.stringify(body)}`
      told.push(`# ${what}\n${show(`${method} ${path}${asked}`, answer)}`)
      return answer
    }
    const { list, create, update, one, remove, invalid, unknownId } = telling
    await call('without a credential', 'GET', list, undefined, {})
    await call('with a wrong one', 'GET', list, undefined, telling.credential('wrong'))
    const created = await call('a thing is made', 'POST', ...create)
    const { id } = created.body.data
    await call('it is in the list', 'GET', list)
    await call('it is looked at', 'GET', one(id))
    await call('another has a mistake', 'POST', create[0], invalid)
    await call('and one is no JSON', 'POST', create[0], '{"')
    await call('it is changed', update[0], update[1](id), update[2])
    await call('one that is not there', 'GET', one(unknownId))
    await call('it is deleted', 'DELETE', remove(id))
    await call('it is gone', 'GET', one(id))
    await server.call('POST', '/api/auth/api-key/update', {
      cookie: user.cookie,
      body: { keyId, enabled: false },
    })
    await call('the key is disabled', 'GET', list)
    await expect(told.join('\n')).toMatchFileSnapshot(`transcripts/${name}.txt`)
  })
})
