import type { RequestListener, ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { SnoopApiError } from '../errors'
import { createClient } from './create-client'
import { type LocalServer, startServer } from './testing/local-server'

interface Seen {
  readonly line: string
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string
}

let server: LocalServer | undefined
afterEach(() => server?.stop())

/** A client of a server that notes what came and answers as told. */
const given = async (answer: (response: ServerResponse) => void, apiKey = 'a-key') => {
  const seen: Seen[] = []
  const listener: RequestListener = async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body })
    answer(response)
  }
  server = await startServer(listener)
  return { seen, client: createClient({ baseUrl: server.origin, apiKey, retry: { attempts: 0 } }) }
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }

const errorOf = (call: Promise<unknown>): Promise<SnoopApiError> =>
  call.then(
    () => expect.unreachable(),
    (error: unknown) => {
      expect(SnoopApiError.is(error)).toBe(true)
      return error as SnoopApiError
    },
  )

describe('snipy', () => {
  test('takes data out of its envelope, and sends the key in its header', async () => {
    const urls = { result: 0, perpage: 15, currentpage: 1, nextpage: null, maxpage: 1, urls: [] }
    const { client, seen } = await given(json(200, { error: 0, data: urls }))
    expect(await client.snipy.listUrls({ page: 2, sort: 'clicks' })).toEqual(urls)
    expect(seen[0]).toMatchObject({
      line: 'GET /api/urls?page=2&sort=clicks',
      headers: { 'x-api-key': 'a-key' },
    })
  })

  test('sends a token request as a form, and gives its bare answer', async () => {
    const tokens = { access_token: 'a', refresh_token: 'r', expires_in: 86_400, token_type: 'Bearer' }
    const { client, seen } = await given(json(200, tokens))
    const asked = { grant_type: 'password', identifier: 'ada@example.com', password: 'a b&c=d+é' }
    expect(await client.snipy.createToken(asked)).toEqual(tokens)
    expect(seen[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toEqual(asked)
  })

  test('tells an error by the code in the header', async () => {
    const { client } = await given(
      json(
        429,
        { error: 1, message: 'Too many' },
        { 'x-error-code': 'RATE_LIMIT_ERROR', 'retry-after': '7' },
      ),
    )
    const error = await errorOf(client.snipy.getUrl({ id: 1 }))
    expect(error).toMatchObject({ status: 429, code: 'RATE_LIMIT_ERROR', message: 'Too many', retryAfter: 7 })
  })

  test('an error without a code is none of the server', async () => {
    const { client } = await given(json(404, { error: 1, message: 'Nothing here' }))
    expect((await errorOf(client.snipy.getUrl({ id: 1 }))).code).toBe('UNEXPECTED_RESPONSE')
  })

  test('gives a file as bytes with its media type, and an error in its place as an error', async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256)
    const { client, seen } = await given(response => {
      response.writeHead(200, { 'content-type': 'image/png' })
      response.end(bytes)
    })
    const file = await client.snipy.downloadQr({ id: 3, format: 'png' })
    expect(file.contentType).toBe('image/png')
    expect(Buffer.from(file.bytes).equals(Buffer.from(bytes))).toBe(true)
    expect(seen[0]?.headers.accept).toBe('image/png, image/svg+xml, application/json')
    await server?.stop()
    const { client: refused } = await given(
      json(404, { error: 1, message: 'No' }, { 'x-error-code': 'NOT_FOUND' }),
    )
    expect((await errorOf(refused.snipy.downloadQr({ id: 3 }))).code).toBe('NOT_FOUND')
  })
})

describe('snaptrack', () => {
  test('is sent the key as a bearer token', async () => {
    const page = { data: [], meta: { current_page: 1, total: 0 } }
    const { client, seen } = await given(json(200, page), 'snt_secret')
    expect(await client.snaptrack.listWebsites()).toEqual(page)
    expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer snt_secret' })
    expect(seen[0]?.headers['x-api-key']).toBeUndefined()
  })

  test('tells which fields were refused, and what a plan allows', async () => {
    const errors = { url: ['The url field is required.'] }
    const { client } = await given(
      json(422, { message: 'The given data was invalid.', errors }, { 'x-error-code': 'VALIDATION_ERROR' }),
    )
    const invalid = await errorOf(
      client.snaptrack.createWebsite({ name: 'Home', url: 'https://example.com' }),
    )
    expect(invalid.errors).toEqual([{ field: 'url', error: 'The url field is required.', location: 'body' }])
    await server?.stop()
    const plan = { success: false, error: 'Not on your plan', message: 'Upgrade', current_plan: 'free' }
    const { client: gated } = await given(json(403, plan, { 'x-error-code': 'PLAN_FEATURE_MISSING' }))
    expect((await errorOf(gated.snaptrack.test())).message).toBe('Not on your plan. Upgrade')
    await server?.stop()
    const denied = { success: false, error: 'Website limit reached', limit: 5, current_plan: 'starter' }
    const { client: full } = await given(json(403, denied, { 'x-error-code': 'PLAN_LIMIT_REACHED' }))
    expect(
      await errorOf(full.snaptrack.createWebsite({ name: 'Home', url: 'https://example.com' })),
    ).toMatchObject({
      code: 'PLAN_LIMIT_REACHED',
      message: 'Website limit reached',
      meta: { limit: 5, current_plan: 'starter' },
    })
  })
})

describe('snaapi', () => {
  const row = { id: 'r1', created_at: '', updated_at: '' }

  test('puts filters behind the paging, and the values of a row alone into the body', async () => {
    const { client, seen } = await given(json(200, { data: [], meta: {} }))
    await client.snaapi.listRows({
      resource: 'posts',
      _limit: 5,
      filters: { title__ilike: '%a&b%', views__gte: 3 },
    })
    expect(seen[0]?.line).toBe('GET /v1/posts?_limit=5&title__ilike=%25a%26b%25&views__gte=3')
    await client.snaapi.createRow({ resource: 'posts', values: { resource: 'a field of that name', id: 1 } })
    expect(seen[1]).toMatchObject({
      line: 'POST /v1/posts',
      body: '{"resource":"a field of that name","id":1}',
    })
  })

  test('gives a row, and nothing for what is deleted', async () => {
    const { client } = await given(json(200, { data: row, meta: { resource: 'posts' } }))
    expect((await client.snaapi.getRow({ resource: 'posts', id: 'r1' })).data).toEqual(row)
    await server?.stop()
    const { client: deleting } = await given(response => response.writeHead(204).end())
    expect(await deleting.snaapi.deleteRow({ resource: 'posts', id: 'r1' })).toBeUndefined()
  })

  test('tells of an error what a native one tells in `meta`', async () => {
    const refusal = {
      code: 'INSUFFICIENT_PERMISSIONS',
      message: 'No',
      details: { missing: ['posts:update'] },
    }
    const { client } = await given(json(403, refusal, { 'x-error-code': 'INSUFFICIENT_PERMISSIONS' }))
    const error = await errorOf(client.snaapi.deleteRow({ resource: 'posts', id: 'r1' }))
    expect(error.meta).toEqual({ missing: ['posts:update'] })
  })

  test('what is no object cannot be filters or a row', async () => {
    const { client, seen } = await given(json(200, {}))
    const wrong = { resource: 'posts', filters: 'title=x' } as never
    await expect(Promise.resolve().then(() => client.snaapi.listRows(wrong))).rejects.toThrow(
      new TypeError('`filters` must be an object'),
    )
    expect(seen).toEqual([])
  })
})
