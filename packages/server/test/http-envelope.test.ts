import { ERROR_CATALOGUE, listEndpoints } from '@snoop/sdk/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer, type TestUser } from '../src/testing/start-test-server'

let server: TestServer
let user: TestUser
beforeAll(async () => {
  server = await startTestServer()
  user = await server.signUp()
})
afterAll(() => server.stop())

const endpoints = listEndpoints(['native']).map(({ endpoint }) => endpoint)
const paths = [...new Set(endpoints.map(({ path }) => path))]
const concrete = (path: string) => path.replace(':organizationId', user.organizationId).replace(/:\w+/, '1')
const methodsOf = (path: string): string[] => {
  const own = endpoints.filter(endpoint => endpoint.path === path).map(({ method }) => method)
  return [...own, ...(own.includes('GET') ? ['HEAD'] : []), 'OPTIONS']
}
const allowed = (headers: Headers) => headers.get('allow')?.split(', ').sort()

describe.each(paths)('%s', path => {
  test('answers OPTIONS and unknown methods with those that it has', async () => {
    const options = await server.call('OPTIONS', concrete(path))
    expect([options.status, options.body, allowed(options.headers)]).toEqual([
      204,
      '',
      methodsOf(path).sort(),
    ])
    const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'LOCK']
    for (const method of methods.filter(method => !methodsOf(path).includes(method))) {
      const answer = await server.call(method, concrete(path), { cookie: user.cookie })
      expect(answer.body).toEqual({
        success: false,
        status: 405,
        code: 'METHOD_NOT_ALLOWED',
        message: 'Method not allowed',
      })
      expect([answer.status, allowed(answer.headers)]).toEqual([405, methodsOf(path).sort()])
    }
  })

  test('answers HEAD as GET, without the body', async () => {
    // HEAD must not use up a link from a mail.
    const isRead = endpoints.some(
      endpoint => endpoint.path === path && endpoint.method === 'GET' && !endpoint.opensLink,
    )
    const head = await server.call('HEAD', concrete(path), { cookie: user.cookie })
    expect(head.body).toBe('')
    if (!isRead) return expect(head.status).toBe(405)
    const get = await server.call('GET', concrete(path), { cookie: user.cookie })
    expect(head.status).toBe(get.status)
    for (const name of ['content-type', 'content-length', 'cache-control'])
      expect(head.headers.get(name)).toBe(get.headers.get(name))
  })

  test('is the same path with a slash at its end', async () => {
    const answer = await server.call('OPTIONS', `${concrete(path)}/`)
    expect(allowed(answer.headers)).toEqual(methodsOf(path).sort())
  })
})

test.each([
  '/',
  '//',
  '/api',
  '/api/',
  '/API/USER/ME',
  '/api//user/me',
  '/api/user/me/x',
  '/api/user/me%2f',
  '/api/user%2Fme',
  '/api/user/%',
  '/api/user/%ff',
  '/api/user/../../etc/passwd',
  '/.env',
  '/api/user/me;a=b',
  '/api/user/me%00',
  '/api/user/me%20',
  '/__proto__',
  '/constructor',
  '/api/__proto__/me',
  `/${'a/'.repeat(5000)}`,
])('%s is no path, for any method', async path => {
  for (const method of ['GET', 'POST', 'OPTIONS', 'DELETE', 'PURGE']) {
    const answer = await server.call(method, path, { cookie: user.cookie })
    expect(answer.body).toEqual({ success: false, status: 404, code: 'NOT_FOUND', message: 'Not found' })
    expect([answer.status, answer.headers.has('allow')]).toEqual([404, false])
  }
})

test('every JSON answer mirrors its status, and an error says a code of the catalogue and no data', async () => {
  const calls: [string, string, unknown?][] = [
    ['GET', '/api/user/me'],
    ['GET', '/api/user/organizations?limit=1'],
    ['POST', '/api/user/organizations', { name: 'Acme' }],
    ['POST', `/api/user/organizations/${user.organizationId}/projects`, { name: 'P' }],
    ['GET', '/api/user/organizations/none'],
    ['GET', `/api/user/organizations/${user.organizationId}/projects/none`],
    ['POST', '/api/auth/verify-email', { token: 'none' }],
    ['PUT', '/api/user/me', { handle: '' }],
    ['PUT', '/api/user/me', '{'],
    ['POST', '/api/auth/sign-in/email', { email: user.email, password: 'wrong password' }],
    ['GET', '/nothing'],
  ]
  const statuses: number[] = []
  for (const [method, path, body] of calls) {
    const answer = await server.call(method, path, {
      cookie: user.cookie,
      ...(body !== undefined && { body }),
    })
    statuses.push(answer.status)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('x-powered-by')).toBeNull()
    expect(answer.body.status).toBe(answer.status)
    expect(answer.body.message).toMatch(/^\S/)
    const { code } = answer.body
    if (answer.status < 300) {
      const keys = ['success', 'status', 'code', 'message', 'data']
      expect(Object.keys(answer.body).filter(key => key !== 'meta')).toEqual(keys)
      expect([answer.body.success, code]).toEqual([true, 'OK'])
    } else {
      expect(Object.keys(answer.body).filter(key => key !== 'meta')).toEqual([
        'success',
        'status',
        'code',
        'message',
      ])
      expect(answer.body.success).toBe(false)
      expect(ERROR_CATALOGUE[code as keyof typeof ERROR_CATALOGUE].status).toBe(answer.status)
    }
  }
  expect(statuses).toEqual([200, 200, 201, 201, 403, 404, 400, 400, 400, 401, 404])
})

describe('the name of a request', () => {
  const nameFor = async (sent: string) =>
    (await server.call('GET', '/health', { headers: { 'x-request-id': sent } })).headers.get('x-request-id')

  test.each(['01HZ3K5R4X9Y2V6QF8TJ7W0CDN', 'a.b-c_d.9', 'a'.repeat(128), crypto.randomUUID()])(
    '%s is kept',
    async id => {
      expect(await nameFor(id)).toBe(id)
    },
  )

  test.each([
    '',
    'short',
    'a'.repeat(129),
    'with a blank',
    'line;break',
    '<script>alert</script>',
    '../../etc/passwd',
    '$(curl evil.example)',
    '%0d%0aSet-Cookie:a=b',
    '12345678, 12345678',
    'ümlaut-ümlaut',
    '{"a":"bbbbbbbb"}',
  ])('%j is replaced', async id => {
    expect(await nameFor(id)).toMatch(/^req_[\da-f-]{36}$/)
  })

  test('is in the log, so that an operator can find it', async () => {
    const id = await nameFor('x')
    expect(server.log()).toContain(`"requestId":"${id}"`)
  })
})
