import { readFileSync } from 'node:fs'
import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  type ApiKey,
  type Contract,
  type CreatedApiKey,
  type EndpointInput,
  listEndpoints,
  type Project,
  type User,
} from '../contract'
import { SnoopApiError } from '../errors'
import type { ApiPromise, ListPromise, SnoopClient } from './client-types'
import { createCookieJar } from './cookie-jar'
import { createClient } from './create-client'
import { SDK_VERSION } from './sdk-version'
import { baseUrl, givenClient as given } from './testing/given-client'
import { failed, ok, scriptedTransport } from './testing/scripted-transport'

const meta = (offset: number, hasMore: boolean) => ({ meta: { total: 2, offset, limit: 1, hasMore } })

describe('createClient refuses, with clear words,', () => {
  test.each([
    ['', /must be an http or https URL/],
    ['auth.example.com', /must be an http or https URL/],
    ['ftp://auth.example.com', /must be an http or https URL/],
    ['file:///etc/passwd', /must be an http or https URL/],
    ['https://auth.example.com/api', /must be an origin without path or query: https:\/\/auth.example.com$/],
    ['https://auth.example.com/?a=1', /must be an origin/],
    ['https://auth.example.com/#a', /must be an origin/],
  ])('the base URL %j', (url, words) => {
    expect(() => createClient({ baseUrl: url })).toThrow(words)
    expect(() => createClient({ baseUrl: url })).toThrow(TypeError)
  })

  test('a password in the base URL, without repeating it', () => {
    expect(() => createClient({ baseUrl: 'https://ada:s3cret@auth.example.com' })).toThrow(
      new TypeError('`baseUrl` must not hold a user or password'),
    )
  })

  test.each([
    [{ apiKey: 'a', accessToken: 'b' }, '`apiKey` and `accessToken`'],
    [{ apiKey: 'a', cookieJar: createCookieJar() }, '`apiKey` and `cookieJar`'],
    [{ accessToken: 'a', cookieJar: createCookieJar() }, '`accessToken` and `cookieJar`'],
  ])('two credentials', (options, names) => {
    expect(() => createClient({ baseUrl, ...options })).toThrow(
      new TypeError(`Give one credential, not ${names}: they are never merged`),
    )
  })

  test.each(['', ' ', '\t\n'])('a blank key %j', apiKey => {
    expect(() => createClient({ baseUrl, apiKey })).toThrow(new TypeError('`apiKey` is blank'))
    expect(() => createClient({ baseUrl, accessToken: apiKey })).toThrow(
      new TypeError('`accessToken` is blank'),
    )
  })

  test.each(['ba_s3cret\n', 'ba_s3cret\r\nx: y', ' ba_s3cret', 'ba_s3\u0000cret', 'ba_s3crét'])(
    'a key with characters that none has, without repeating it: %j',
    apiKey => {
      const words = '`apiKey` has a space, a line break or another character that none has'
      expect(() => createClient({ baseUrl, apiKey })).toThrow(new TypeError(words))
    },
  )

  test.each([
    { timeoutMs: 0 },
    { timeoutMs: Number.NaN },
    { totalTimeoutMs: -1 },
    { timeoutMs: 2 ** 31 },
    { retry: { attempts: -1 } },
    { retry: { maxRetryAfterMs: Number.NaN } },
  ])('the number in %j, naming its option', options => {
    const name = Object.keys(options.retry ?? options)[0]!
    expect(() => createClient({ baseUrl, ...options })).toThrow(
      new RegExp(`\`(retry\\.)?${name}\` must be a number`),
    )
  })

  test('a user agent that no header can carry', () => {
    expect(() => createClient({ baseUrl, userAgent: 'a\r\nx: y' })).toThrow(
      '`userAgent` must be visible ASCII text',
    )
  })
})

describe('a client', () => {
  test('has one method for each endpoint of the contract', () => {
    const client = createClient({ baseUrl })
    const methods = Object.entries(client).flatMap(([tag, resource]) =>
      typeof resource === 'object' ? Object.keys(resource).map(name => `${tag}.${name}`) : [],
    )
    expect(methods).toEqual(listEndpoints().map(({ name }) => name))
  })

  test('sends an endpoint’s method, path, query and body', async () => {
    const { client, transport } = given({}, ok({ id: 'p' }))
    await client.projects.create({ organizationId: 'o/1', name: 'N' })
    const [request] = transport.requests
    expect(request).toMatchObject({ method: 'POST', body: '{"name":"N"}' })
    expect(request!.url.href).toBe(`${baseUrl}/api/user/organizations/o%2F1/projects`)
    expect(request!.headers).toEqual({
      accept: 'application/json',
      'content-type': 'application/json',
      'idempotency-key': 'id-1',
      'user-agent': `snoop-sdk/${SDK_VERSION} node/${process.versions.node}`,
    })
  })

  test('sends a call at once, but a list only when it is used', async () => {
    const { client, transport } = given({}, ok({ id: 'u' }))
    const call = client.user.me()
    const list = client.projects.list({ organizationId: 'o' })
    await call
    expect(transport.requests).toHaveLength(1)
    expect(list).toHaveProperty('then')
  })

  test('gives the data, or the data and what the wire said', async () => {
    const { client } = given({}, ok({ id: 'u' }))
    expect(await client.user.me()).toEqual({ id: 'u' })
    expect(await client.user.me().withResponse()).toMatchObject({
      data: { id: 'u' },
      response: {
        status: 200,
        requestId: 'req_1',
        message: 'Done',
        headers: { 'content-type': 'application/json' },
      },
    })
  })

  test('walks a list by offset, keeping the caller’s filters', async () => {
    const { client, transport } = given(
      {},
      ok([{ id: 'a' }], meta(0, true)),
      ok([{ id: 'b' }], meta(1, false)),
    )
    const ids: string[] = []
    for await (const { id } of client.projects.list({ organizationId: 'o', limit: 1, q: 'x' })) ids.push(id)
    expect(ids).toEqual(['a', 'b'])
    expect(transport.requests.map(({ url }) => url.search)).toEqual(['?limit=1&q=x', '?offset=1&limit=1&q=x'])
  })

  test('rejects, never throws, when the input is wrong', async () => {
    const { client, transport } = given({}, ok({}))
    const wrong = { organizationId: 'o' } as { organizationId: string; id: string }
    await expect(client.projects.get(wrong)).rejects.toThrow(new TypeError('`id` is required'))
    expect(transport.requests).toHaveLength(0)
  })

  test('puts the given user agent before its own', async () => {
    const { client, transport } = given({ userAgent: 'acme/2.0' }, ok({}))
    await client.user.me()
    expect(transport.requests[0]!.headers['user-agent']).toMatch(/^acme\/2\.0 snoop-sdk\//)
  })

  test('takes the options of one call above its own', async () => {
    const { client, transport } = given({ retry: { attempts: 5 } }, failed(503, 'SERVICE_UNAVAILABLE'))
    await expect(client.user.me({}, { retry: { attempts: 1 } })).rejects.toMatchObject({ status: 503 })
    expect(transport.requests).toHaveLength(2)
    await expect(client.user.me({}, { timeoutMs: 0 })).rejects.toThrow(TypeError)
  })

  test('closes its transport', async () => {
    let closed = false
    const close = async () => {
      closed = true
    }
    const transport = { ...scriptedTransport(ok({})), close }
    await createClient({ baseUrl, transport }).close()
    expect(closed).toBe(true)
  })
})

test('a refused call rejects with the error of the server', async () => {
  const { client } = given({}, failed(403, 'API_KEY_MISSING_SCOPES', { meta: { missing: ['user:read'] } }))
  const error = await client.user.me().catch((thrown: unknown) => thrown)
  expect(SnoopApiError.is(error) && error.meta).toEqual({ missing: ['user:read'] })
})

test('the version in the user agent is that of the package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(SDK_VERSION).toBe(manifest.version)
})

test('methods have the types of the contract', () => {
  type Input<M extends (input: never, ...rest: never[]) => unknown> = Parameters<M>[0]
  type Projects = Contract['projects']
  expectTypeOf<Input<SnoopClient['projects']['create']>>().toEqualTypeOf<EndpointInput<Projects['create']>>()
  expectTypeOf<Input<SnoopClient['projects']['list']>>().toEqualTypeOf<EndpointInput<Projects['list']>>()
  expectTypeOf<SnoopClient['user']['me']>().returns.toEqualTypeOf<ApiPromise<User>>()
  expectTypeOf<SnoopClient['apiKeys']['create']>().returns.toEqualTypeOf<ApiPromise<CreatedApiKey>>()
  expectTypeOf<SnoopClient['apiKeys']['list']>().returns.toEqualTypeOf<ListPromise<ApiKey>>()
  expectTypeOf<SnoopClient['projects']['list']>().returns.toEqualTypeOf<ListPromise<Project>>()
  expectTypeOf<SnoopClient['projects']['list']>().toBeCallableWith({ organizationId: 'o', limit: 1 })
  expectTypeOf<SnoopClient['apiKeys']['list']>().toBeCallableWith()
  expectTypeOf<SnoopClient['auth']['listSessions']>().toBeCallableWith({}, { timeoutMs: 1 })
  // @ts-expect-error: the id of the project is missing
  expectTypeOf<SnoopClient['projects']['get']>().toBeCallableWith({ organizationId: 'o' })
  // @ts-expect-error: a key needs a name
  expectTypeOf<SnoopClient['apiKeys']['create']>().toBeCallableWith({})
})
