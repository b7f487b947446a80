import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ClientOptions } from './client-types'
import { createCookieJar } from './cookie-jar'
import { createClient } from './create-client'

const baseUrl = 'https://auth.example.com'
const edge = setupServer()
beforeAll(() => edge.listen({ onUnhandledRequest: 'error' }))
afterEach(() => edge.resetHandlers())
afterAll(() => edge.close())

// Looked up with each call, as msw replaces the global one.
const fetch: typeof globalThis.fetch = (...request) => globalThis.fetch(...request)
const clientWith = (options: Partial<ClientOptions> = {}) =>
  createClient({ baseUrl, fetch, retry: { attempts: 0 }, ...options })

const envelope = (data: unknown, more: object = {}) => ({
  success: true,
  status: 200,
  code: 'OK',
  message: 'Done',
  data,
  ...more,
})

describe('over an injected fetch,', () => {
  test('a call has the headers and body that it was built with', async () => {
    edge.use(
      http.put(`${baseUrl}/api/user/me`, async ({ request }) => {
        expect(request.headers.get('x-api-key')).toBe('ba_x')
        expect(request.headers.get('content-type')).toBe('application/json')
        return HttpResponse.json(envelope(await request.json()), { headers: { 'x-request-id': 'req_7' } })
      }),
    )
    const { data, response } = await clientWith({ apiKey: 'ba_x' })
      .user.update({ fullName: 'Ada' })
      .withResponse()
    expect(data).toEqual({ fullName: 'Ada' })
    expect(response.requestId).toBe('req_7')
  })

  test('a list is walked page by page', async () => {
    edge.use(
      http.get(`${baseUrl}/api/user/organizations`, ({ request }) => {
        const offset = Number(new URL(request.url).searchParams.get('offset') ?? 0)
        const meta = { total: 3, offset, limit: 1, hasMore: offset < 2 }
        return HttpResponse.json(envelope([{ id: `o${offset}` }], { meta }))
      }),
    )
    const ids: string[] = []
    for await (const { id } of clientWith().organizations.list({ limit: 1 })) ids.push(id)
    expect(ids).toEqual(['o0', 'o1', 'o2'])
  })

  test('each of several cookies is kept', async () => {
    edge.use(
      http.post(`${baseUrl}/api/auth/sign-in/email`, () => {
        const headers = new Headers({ 'content-type': 'application/json' })
        headers.append('set-cookie', '__Host-snoop_session=s1; Path=/; Secure; HttpOnly')
        headers.append('set-cookie', 'other=o1; Path=/; Expires=Wed, 01 Jan 2099 00:00:00 GMT')
        return new HttpResponse(JSON.stringify(envelope({})), { headers })
      }),
    )
    const jar = createCookieJar()
    await clientWith({ cookieJar: jar }).auth.signInEmail({ email: 'ada@example.com', password: 'p' })
    expect(await jar.getCookieString(baseUrl)).toBe('__Host-snoop_session=s1; other=o1')
  })

  test('no redirect is followed', async () => {
    edge.use(http.get(`${baseUrl}/api/user/me`, () => HttpResponse.redirect('https://evil.example/', 302)))
    await expect(clientWith({ apiKey: 'ba_x' }).user.me()).rejects.toMatchObject({
      status: 302,
      code: 'UNEXPECTED_RESPONSE',
    })
  })

  test('an HTML page of a proxy is not Snoop’s', async () => {
    edge.use(
      http.get(`${baseUrl}/api/user/me`, () => HttpResponse.html('<h1>Bad Gateway</h1>', { status: 502 })),
    )
    await expect(clientWith().user.me()).rejects.toMatchObject({ status: 502, code: 'UNEXPECTED_RESPONSE' })
  })

  test('a network error is a connection error that may have been sent', async () => {
    edge.use(http.post(`${baseUrl}/api/auth/api-key/create`, () => HttpResponse.error()))
    await expect(clientWith().apiKeys.create({ name: 'ci' })).rejects.toMatchObject({
      name: 'SnoopConnectionError',
      sent: true,
      cause: { name: 'TypeError' },
    })
  })

  test('a rotation is repeated with the key of its first attempt', async () => {
    const keys: (string | null)[] = []
    edge.use(
      http.post(`${baseUrl}/api/auth/api-key/rotate`, ({ request }) => {
        keys.push(request.headers.get('idempotency-key'))
        return keys.length === 1 ? HttpResponse.error() : HttpResponse.json(envelope({ key: 'ba_new' }))
      }),
    )
    await clientWith({ retry: { attempts: 1 } }).apiKeys.rotate({ keyId: 'ak_1' })
    expect(keys).toHaveLength(2)
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/)
    expect(keys[1]).toBe(keys[0])
  })
})
