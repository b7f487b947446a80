import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DomainError } from '../domain/domain-error'
import { StorageError } from '../storage/storage-error'
import { Redirect } from './request-context'
import { fakeWalk } from './testing/fake-walk'

const INTERNAL = {
  success: false,
  status: 500,
  code: 'INTERNAL_SERVER_ERROR',
  message: 'Something went wrong on our side',
}

describe('an answer', () => {
  test('has the envelope, and no field that the contract does not name', async () => {
    const { route, send } = fakeWalk()
    const row = { id: '1', passwordHash: 'secret' }
    route(() => row)
    expect(await send()).toEqual({
      status: 200,
      headers: {
        'X-Request-Id': expect.stringMatching(/^req_[\da-f-]{36}$/),
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
        Vary: 'Origin',
        'RateLimit-Limit': '500',
        'RateLimit-Remaining': '499',
        'RateLimit-Reset': '900',
        'Content-Type': 'application/json; charset=utf-8',
      },
      body: { success: true, status: 200, code: 'OK', message: 'Thing fetched', data: { id: '1' } },
    })
  })

  test('to a list says where in it the page stands, and drops unknown fields of each item', async () => {
    const { route, send } = fakeWalk()
    const query = z.object({ offset: z.coerce.number(), limit: z.coerce.number() })
    route(() => ({ items: [{ id: '1', secret: 's' }, { id: '2' }], total: 4 }), {
      paged: true,
      query,
      response: z.array(z.object({ id: z.string() })),
    })
    const page = async (offset: number) => (await send({ target: `/thing?offset=${offset}&limit=2` })).body
    expect(await page(1)).toMatchObject({
      data: [{ id: '1' }, { id: '2' }],
      meta: { total: 4, offset: 1, limit: 2, hasMore: true },
    })
    expect((await page(1)).data[0]).toEqual({ id: '1' })
    expect((await page(2)).meta.hasMore).toBe(false)
  })

  test('that leads elsewhere has no body', async () => {
    const { route, send } = fakeWalk()
    route(() => new Redirect('https://app.example.com/done'))
    const { status, headers, body } = await send()
    expect([status, headers.Location, body]).toEqual([302, 'https://app.example.com/done', undefined])
    expect(headers).not.toHaveProperty('Content-Type')
  })
})

describe('a fault', () => {
  test.each([
    [
      'an error',
      () => {
        throw new Error('select * from users where token = 1')
      },
    ],
    [
      'an error later on',
      async () => {
        throw new TypeError('at /srv/app.js:1')
      },
    ],
    [
      'no error at all',
      () => {
        throw 'a text with a stack'
      },
    ],
    ['data that breaks the contract', () => ({ id: 5 }) as never],
    ['data that has no JSON', () => ({ id: '1', data: 1n }) as never, z.looseObject({})],
    ['a redirect that splits the answer', () => new Redirect('/a\r\nSet-Cookie: b=c')],
    ['a redirect that no header can hold', () => new Redirect('/ü€')],
  ] as const)(
    'is told to the log, and to the caller as nothing but a 500: %s',
    async (_, handle, response = z.object({ id: z.string() })) => {
      const { route, send, logged } = fakeWalk()
      route(handle, { response })
      const answer = await send()
      expect(answer.status).toBe(500)
      expect(answer.body).toEqual(INTERNAL)
      expect(answer.headers['RateLimit-Remaining']).toBe('499')
      expect(logged).toEqual([
        { event: 'request.failed', requestId: answer.headers['X-Request-Id'], err: expect.anything() },
        expect.objectContaining({ event: 'request', status: 500, route: '/thing' }),
      ])
    },
  )

  test('of the database is an outage: try again', async () => {
    const { route, send, logged } = fakeWalk()
    const cause = new StorageError(
      'PostgreSQL at db:5432 refuses connections. Start it, or correct the address.',
    )
    route(() => {
      throw cause
    })
    const { status, headers, body } = await send()
    expect([status, headers['Retry-After'], body.code]).toEqual([503, '2', 'SERVICE_UNAVAILABLE'])
    expect(JSON.stringify(body)).not.toContain('PostgreSQL')
    expect(logged[0]).toMatchObject({ event: 'request.failed', err: cause })
  })

  test('that a rule explains leaves its cause in the log too', async () => {
    const { route, send, logged } = fakeWalk()
    const cause = new Error('pool')
    route(() => {
      throw new DomainError('SERVICE_UNAVAILABLE', { cause })
    })
    expect((await send()).status).toBe(503)
    expect(logged[0]).toMatchObject({ event: 'request.failed', err: cause })
  })

  test('of the caller is no fault: its cause, which may quote the request, stays out of the log', async () => {
    const { route, send, logged } = fakeWalk()
    route(() => {
      throw new DomainError('MALFORMED_JSON', { cause: new SyntaxError('"password":"hunter2"') })
    })
    expect((await send()).status).toBe(400)
    expect(logged.map(({ event }) => event)).toEqual(['request'])
  })
})

describe('plain HTTP', () => {
  const REFUSED = { success: false, status: 403, code: 'HTTPS_REQUIRED', message: 'HTTPS is required' }

  test.each(['GET', 'POST', 'OPTIONS', 'HEAD'])(
    '%s from elsewhere is refused, whatever the path and credential',
    async method => {
      const { route, send } = fakeWalk()
      route(() => ({ id: '1' }))
      for (const target of ['/thing', '/nothing', '*']) {
        const headers = { cookie: 'snoop_session=a', authorization: '', 'x-forwarded-proto': 'https' }
        const answer = await send({ method, target, headers, remoteAddress: '203.0.113.7' })
        expect(answer.body).toEqual(REFUSED)
        expect(answer.headers).not.toHaveProperty('Strict-Transport-Security')
      }
    },
  )

  test('that is refused is counted, so that nobody can try without end', async () => {
    const { send } = fakeWalk()
    const request = { remoteAddress: '203.0.113.7' }
    expect((await send(request)).headers['RateLimit-Remaining']).toBe('499')
    expect((await send(request)).headers['RateLimit-Remaining']).toBe('498')
  })

  test.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])('from %s is fine', async remoteAddress => {
    const { route, send } = fakeWalk()
    route(() => ({ id: '1' }))
    const answer = await send({ remoteAddress })
    expect(answer.status).toBe(200)
    expect(answer.headers).not.toHaveProperty('Strict-Transport-Security')
  })

  test.each([
    ['https', 200],
    ['http', 403],
    ['', 403],
  ])('behind a trusted proxy counts by what the proxy says: %j', async (protocol, status) => {
    const { route, send } = fakeWalk()
    route(() => ({ id: '1' }))
    const headers = { 'x-forwarded-proto': protocol, 'x-forwarded-for': '203.0.113.7' }
    expect((await send({ remoteAddress: '10.0.0.1', headers })).status).toBe(status)
  })

  test('of a client that is gone before it can be told who it was is refused', async () => {
    const { send } = fakeWalk()
    expect((await send({ remoteAddress: '' })).body).toEqual(REFUSED)
  })
})

test('HTTPS is remembered for a year', async () => {
  const { route, send } = fakeWalk()
  route(() => ({ id: '1' }))
  const { headers } = await send({ remoteAddress: '203.0.113.7', isEncrypted: true })
  expect(headers['Strict-Transport-Security']).toBe('max-age=31536000; includeSubDomains')
})

describe('the address that limits count', () => {
  const remaining = async (
    send: ReturnType<typeof fakeWalk>['send'],
    remoteAddress: string,
    forwardedFor?: string,
  ) => {
    const headers =
      forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor, 'x-forwarded-proto': 'https' }
    return Number((await send({ remoteAddress, headers })).headers['RateLimit-Remaining'])
  }

  test('is not what a client says of itself', async () => {
    const { send } = fakeWalk()
    expect(await remaining(send, '203.0.113.7', '1.1.1.1')).toBe(499)
    expect(await remaining(send, '203.0.113.7', '2.2.2.2')).toBe(498)
    expect(await remaining(send, '10.0.0.1', '1.1.1.1, 203.0.113.7')).toBe(497)
    expect(await remaining(send, '10.0.0.2', '9.9.9.9, 203.0.113.7, 10.0.0.1')).toBe(496)
    expect(await remaining(send, '::ffff:203.0.113.7')).toBe(495)
    expect(await remaining(send, '203.0.113.8')).toBe(499)
  })

  test('is the /64 of an IPv6 client', async () => {
    const { send } = fakeWalk()
    expect(await remaining(send, '2001:db8:1:2::1')).toBe(499)
    expect(await remaining(send, '2001:db8:1:2:ffff:ffff:ffff:ffff')).toBe(498)
    expect(await remaining(send, '2001:0DB8:0001:0002::5%eth0')).toBe(497)
    expect(await remaining(send, '2001:db8:1:3::1')).toBe(499)
  })
})
