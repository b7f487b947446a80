import { describe, expect, test } from 'vitest'
import { contract, type Endpoint } from '../contract'
import type { SnoopApiError } from '../errors'
import type { WireResponse } from './attempt'
import { readResponse } from './read-response'

const { user, projects, service } = contract
const meta = { total: 1, offset: 0, limit: 20, hasMore: false }
const nowMs = Date.parse('2026-04-05T10:00:00Z')

const wire = (status: number, body: unknown, headers: Record<string, string> = {}): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'x-request-id': 'req_1', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const success = (data: unknown, more: object = {}) =>
  wire(200, { success: true, status: 200, code: 'OK', message: 'Fine', data, ...more })

const errorOf = (response: WireResponse, endpoint: Endpoint = user.me): SnoopApiError => {
  try {
    readResponse(endpoint, response, nowMs)
  } catch (error) {
    return error as SnoopApiError
  }
  throw new Error('It did not throw')
}

describe('a success', () => {
  test('gives the data of the envelope and what the wire said beside it', () => {
    expect(readResponse(user.me, success({ id: 'u' }), nowMs)).toEqual({
      data: { id: 'u' },
      response: {
        status: 200,
        message: 'Fine',
        requestId: 'req_1',
        headers: { 'content-type': 'application/json', 'x-request-id': 'req_1' },
      },
    })
  })

  test('keeps fields and enum values that this version does not know', () => {
    const data = { id: 'p', status: 'archived', colour: 'red' }
    expect(readResponse(projects.get, success(data), nowMs).data).toEqual(data)
  })

  test.each([null, 0, '', false])('may be %j', data => {
    expect(readResponse(user.me, success(data), nowMs).data).toBe(data)
  })

  test('of a list is a page', () => {
    const page = readResponse(projects.list, success([{ id: 'p' }], { meta }), nowMs).data
    expect(page).toEqual({ data: [{ id: 'p' }], meta })
  })

  test('of a bare endpoint is the body itself', () => {
    expect(readResponse(service.openapi, wire(200, { openapi: '3.1.1' }), nowMs).data).toEqual({
      openapi: '3.1.1',
    })
  })

  test.each([204, 205])('without content (%i) has no data', status => {
    expect(readResponse(projects.delete, wire(status, ''), nowMs).data).toBeUndefined()
  })

  test('cannot reach an object’s prototype', () => {
    const body = '{"success":true,"status":200,"code":"OK","message":"m","data":{"__proto__":{"admin":true}}}'
    const { data } = readResponse(user.me, wire(200, body), nowMs)
    expect((data as { admin?: boolean }).admin).toBeUndefined()
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })
})

describe('an error', () => {
  test('has the code, words, facts and request id of the envelope', () => {
    const body = {
      success: false,
      status: 403,
      code: 'API_KEY_MISSING_SCOPES',
      message: 'No',
      meta: { missing: ['a'] },
    }
    expect(errorOf(wire(403, body))).toMatchObject({
      name: 'SnoopApiError',
      status: 403,
      code: 'API_KEY_MISSING_SCOPES',
      message: 'No',
      meta: { missing: ['a'] },
      requestId: 'req_1',
      retryAfter: undefined,
      errors: [],
    })
  })

  test('of validation lists the fields; entries of another shape are left in meta alone', () => {
    const field = { field: 'topics.0.name', error: 'Required', location: 'body' }
    const odd = [null, 'x', { field: 1 }]
    const body = {
      success: false,
      status: 400,
      code: 'VALIDATION_ERROR',
      message: 'V',
      meta: { errors: [field, ...odd] },
    }
    expect(errorOf(wire(400, body)).errors).toEqual([field])
  })

  test('keeps a code that this version does not know', () => {
    expect(errorOf(wire(422, { success: false, code: 'BRAND_NEW', message: 'm' })).code).toBe('BRAND_NEW')
  })

  test.each([
    ['30', 30],
    ['Sun, 05 Apr 2026 10:00:01 GMT', 1],
    ['Sun, 05 Apr 2026 09:00:00 GMT', 0],
    ['rubbish', undefined],
  ])('says when to try again: Retry-After %s is %s seconds', (text, seconds) => {
    const body = { success: false, code: 'RATE_LIMIT_ERROR', message: 'm' }
    expect(errorOf(wire(429, body, { 'retry-after': text })).retryAfter).toBe(seconds)
  })

  test('of an envelope that says so counts, whatever the status', () => {
    const body = { success: false, status: 200, code: 'CONFLICT', message: 'm' }
    expect(errorOf(wire(200, body)).code).toBe('CONFLICT')
  })

  test('without words gets some', () => {
    expect(errorOf(wire(409, { code: 'CONFLICT' })).message).toBe('The server answered 409 (CONFLICT)')
  })
})

describe('what is not an answer of Snoop is UNEXPECTED_RESPONSE with its status:', () => {
  const html = { 'content-type': 'text/html; charset=utf-8' }

  test.each<[string, WireResponse, Endpoint]>([
    ["a proxy's HTML 502", wire(502, '<h1>Bad Gateway</h1>', html), user.me],
    ['an HTML 200', wire(200, '<h1>Welcome</h1>', html), user.me],
    ['an empty 200', wire(200, ''), user.me],
    ['an empty 500', wire(500, ''), user.me],
    ['cut-off JSON', wire(200, '{"success":true,"data":{"id":"u'), user.me],
    ['JSON without an envelope', wire(200, { id: 'u' }), user.me],
    ['an envelope without data', wire(200, { success: true, code: 'OK' }), user.me],
    ['an array', wire(200, []), user.me],
    ['null', wire(200, 'null'), user.me],
    ['a redirect', wire(302, '', { location: 'https://evil.example' }), user.me],
    ['an error without a code', wire(400, { error: 'invalid_request' }), user.me],
    ['a list without meta', success([]), projects.list],
    ['a list whose data is no array', success({}, { meta }), projects.list],
    ['a list whose meta says nothing of more', success([], { meta: { total: 1 } }), projects.list],
    ['a bare body that is no object', wire(200, 'text'), service.openapi],
  ])('%s', (_, response, endpoint) => {
    const error = errorOf(response, endpoint)
    expect(error).toMatchObject({ code: 'UNEXPECTED_RESPONSE', status: response.status, requestId: 'req_1' })
  })

  test('its words tell what came, but not its content', () => {
    const { message } = errorOf(wire(502, '<h1>secret</h1>', html))
    expect(message).toBe(
      "The server answered 502 with something that is not Snoop's (text/html, 15 characters)",
    )
  })

  test('Retry-After is read there too', () => {
    expect(errorOf(wire(503, '<h1>', { ...html, 'retry-after': '5' })).retryAfter).toBe(5)
  })
})
