import { ERROR_CATALOGUE } from '@snoop/sdk/contract'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DomainError } from '../domain/domain-error'
import type { Dialect } from './dialect'
import { Redirect } from './request-context'
import { fakeWalk, NO_LIMITS } from './testing/fake-walk'

describe('a link from a mail', () => {
  const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
  const page = (status: number, html: string) => ({ status, html, headers: { 'Content-Type': 'text/html' } })
  const pages: Dialect = {
    name: 'pages of a test',
    keyFormats: [],
    takesAccessTokens: false,
    readCredential: () => undefined,
    renderSuccess: ({ message }, data) => page(200, `<p>${message} ${JSON.stringify(data)}`),
    renderError: ({ code }, requestId) => page(ERROR_CATALOGUE[code].status, `<p>${code} ${requestId}`),
  }

  test('is shown to a browser as a page, and to a program in the dialect of its route', async () => {
    const { route, send } = fakeWalk({ pages })
    route(() => Object.freeze({ id: '1', secret: 's' }), { opensLink: true })
    for (const _ of [1, 2]) {
      const shown = await send({ headers: BROWSER })
      expect([shown.status, shown.body]).toEqual([200, '<p>Thing fetched {"id":"1"}'])
      expect(shown.headers['Content-Type']).toBe('text/html')
      expect((await send({ headers: { accept: '*/*' } })).body).toMatchObject({ code: 'OK' })
    }
  })

  test('shows its errors as a page, with the name of the request', async () => {
    const { route, send } = fakeWalk({ pages })
    route(
      () => {
        throw new DomainError('INVALID_TOKEN', { detail: { retryAfterSeconds: 3 } })
      },
      { opensLink: true },
    )
    const { status, headers, body } = await send({ headers: BROWSER })
    expect([status, body]).toEqual([400, `<p>INVALID_TOKEN ${headers['X-Request-Id']}`])
    expect(headers['Retry-After']).toBe('3')
    expect((await send()).body).toMatchObject({ code: 'INVALID_TOKEN' })
  })

  test.each([
    ['a page', BROWSER],
    ['JSON', {}],
    ['a redirect', { 'x-elsewhere': '1' }],
  ])('names itself to nobody and is mixed up by no cache: %s', async (_, headers) => {
    const { route, send } = fakeWalk({ pages })
    route(() => ('x-elsewhere' in headers ? new Redirect('/done') : { id: '1' }), { opensLink: true })
    const answer = await send({ headers })
    expect([answer.headers['Referrer-Policy'], answer.headers.Vary]).toEqual([
      'no-referrer',
      'Origin, Accept',
    ])
  })

  test('leads a browser on where its handler says so', async () => {
    const { route, send } = fakeWalk({ pages })
    route(() => new Redirect('/done'), { opensLink: true })
    const { status, headers, body } = await send({ headers: BROWSER })
    expect([status, headers.Location, body]).toEqual([302, '/done', undefined])
  })

  test('that asks first does nothing and costs nothing of its window, however often it is opened', async () => {
    const group = { max: 1, windowMs: 60_000 }
    const asking = { ...pages, askBefore: () => page(200, '<p>Sure?') }
    const rateLimits = { ...NO_LIMITS, magicLink: group }
    const { route, send } = fakeWalk({ pages: asking, rateLimits })
    const query = z.object({ token: z.string() })
    let calls = 0
    const handle = () => ({ id: String(++calls) })
    route(handle, { opensLink: true, rateLimit: 'magicLink', query })
    const target = '/thing?token=t'
    for (const _ of [1, 2, 3]) {
      const { status, body } = await send({ target, headers: BROWSER })
      expect([status, body]).toEqual([200, '<p>Sure?'])
    }
    expect((await send({ headers: BROWSER })).body).toMatch(/^<p>VALIDATION_ERROR/)
    expect(calls).toBe(0)
    expect((await send({ target })).body.data).toEqual({ id: '1' })
    expect((await send({ target })).status).toBe(429)
  })

  test('asks nobody before other endpoints act', async () => {
    const { route, send } = fakeWalk({ pages: { ...pages, askBefore: () => page(200, '<p>Sure?') } })
    route(() => ({ id: '1' }))
    expect((await send({ headers: BROWSER })).body.data).toEqual({ id: '1' })
  })

  test.each([
    ['an image of a foreign page', { accept: 'image/*', 'sec-fetch-site': 'cross-site' }],
    ['a script of a sister site', { 'sec-fetch-site': 'same-site' }],
    ['a request of a foreign origin', { origin: 'https://evil.example' }],
    ['an image of an old browser', { accept: '*/*', referer: 'https://evil.example/' }],
  ] as const)('is not opened by %s', async (_, headers) => {
    const { route, send } = fakeWalk({ pages })
    let calls = 0
    route(() => ({ id: String(++calls) }), { opensLink: true })
    expect((await send({ headers })).body.code).toBe('ORIGIN_NOT_ALLOWED')
    expect(calls).toBe(0)
  })

  test('is opened by a navigation from anywhere, and by a page of a trusted origin', async () => {
    const { route, send } = fakeWalk({ pages })
    route(() => ({ id: '1' }), { opensLink: true })
    const navigation = { ...BROWSER, 'sec-fetch-site': 'cross-site', referer: 'https://mail.example/' }
    expect((await send({ headers: navigation })).status).toBe(200)
    const trusted = { origin: 'https://app.example.com', 'sec-fetch-site': 'cross-site' }
    expect((await send({ headers: trusted })).body.data).toEqual({ id: '1' })
  })
})
