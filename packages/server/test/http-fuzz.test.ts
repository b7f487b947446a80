import { listEndpoints } from '@snoop/sdk/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectRaw } from '../src/http/testing/raw-client'
import { describeOnEachDatabase } from '../src/testing/on-each-engine'
import { startTestServer, type TestServer, type TestUser } from '../src/testing/start-test-server'

/** The same cases in every run; change it to look elsewhere. */
const SEED = 20_261_122

/** All but those that would end the account or the session that the others need. */
const endpoints = listEndpoints()
  .filter(({ name }) => !/signOut|revoke|user\.delete/.test(name))
  .map(({ endpoint }) => endpoint)

describeOnEachDatabase('whatever is sent', createDatabase => {
  let server: TestServer
  let user: TestUser
  let key: string
  beforeAll(async () => {
    server = await startTestServer({ databaseUrl: await createDatabase() })
    user = await server.signUp()
    key = (await server.createKey(user)).key
  })
  afterAll(() => server.stop())

  const isWell = async () => (await server.call('GET', '/ready')).status === 200

  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      '',
      '0',
      '-1',
      'null',
      'NaN',
      '\0',
      '%',
      '%00',
      "'--",
      '__proto__',
      'constructor',
      '../',
      '\ud800',
    ),
    fc.constantFrom(
      'createdAt',
      '-name',
      'active',
      'user:read',
      'https://a.example',
      '2026-04-05T10:00:00.000Z',
    ),
  )
  const json = fc.oneof(
    { weight: 2, arbitrary: text },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  )
  const withKeysOf = (schema: { shape: object } | undefined, value: fc.Arbitrary<unknown>) =>
    fc.dictionary(fc.oneof(fc.constantFrom('a', ...Object.keys(schema?.shape ?? {})), text), value, {
      maxKeys: 6,
    })

  const call = fc.constantFrom(...endpoints).chain(endpoint =>
    fc.record({
      method: fc.oneof(
        { weight: 9, arbitrary: fc.constant<string>(endpoint.method) },
        { weight: 1, arbitrary: fc.constantFrom('HEAD', 'OPTIONS', 'PATCH', 'DELETE', 'REPORT') },
      ),
      path: fc
        .array(fc.oneof(fc.constant('mine'), text), { minLength: 2, maxLength: 2 })
        .map(values =>
          endpoint.path.replace(/:\w+/g, () => encodeURIComponent(wellFormed(values.shift() ?? ''))),
        ),
      query: withKeysOf(endpoint.query, text).map(
        values => new URLSearchParams(values as Record<string, string>),
      ),
      body: fc.oneof(
        { weight: 4, arbitrary: withKeysOf(endpoint.body, json).map(value => JSON.stringify(value)) },
        { weight: 1, arbitrary: text },
      ),
      contentType: fc.constantFrom(
        'application/json',
        'application/json',
        'application/json',
        'text/plain',
        '',
      ),
      credential: fc.constantFrom('cookie', 'key', 'none', 'noise'),
      header: fc.string({
        unit: fc.integer({ min: 0x20, max: 0xff }).map(code => String.fromCharCode(code)),
      }),
    }),
  )

  const wellFormed = (value: string) => value.replace(/[\ud800-\udfff]/g, '\ufffd')

  test('to an endpoint, it is never answered by a fault', async () => {
    await fc.assert(
      fc.asyncProperty(call, async ({ method, path, query, body, contentType, credential, header }) => {
        const printable = header.replace(/[\x7f-\x9f]/g, '').trim()
        const credentials = {
          cookie: { cookie: user.cookie },
          key: { 'x-api-key': key },
          none: {},
          noise: { cookie: `snoop_session=${printable}`, authorization: printable },
        }
        const response = await fetch(`${server.url}${path.replace('mine', user.organizationId)}?${query}`, {
          method,
          redirect: 'manual',
          headers: {
            ...credentials[credential],
            ...(contentType !== '' && { 'content-type': contentType }),
            'user-agent': printable,
            'x-request-id': printable,
            'x-forwarded-for': printable,
            'idempotency-key': printable,
            referer: credential === 'noise' ? printable : server.url,
          },
          ...(method !== 'GET' && method !== 'HEAD' && { body }),
        })
        expect(response.status, `${method} ${path}?${query} ${body}`).toBeLessThan(500)
        await response.arrayBuffer()
      }),
      { seed: SEED, numRuns: 400 },
    )
    expect(await isWell()).toBe(true)
  }, 30_000)

  const head = 'POST /api/auth/verify-email HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n'
  const fragment = fc.constantFrom(
    ...[
      'GET ',
      'POST ',
      'HEAD ',
      'CONNECT ',
      'OPTIONS * ',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      '/health',
      '/api/user/me',
    ],
    ...[
      ' HTTP/1.1',
      ' HTTP/1.0',
      ' HTTP/0.9',
      ' HTTP/2.0',
      '\r\n',
      '\r\n\r\n',
      '\n',
      'Host: a\r\n',
      'Host: a\r\nHost: b\r\n',
    ],
    ...[
      'Content-Length: 5\r\n',
      'Content-Length: -1\r\n',
      'Content-Length: 99999999999999999999\r\n',
      'hello',
    ],
    ...[
      'Transfer-Encoding: chunked\r\n\r\n',
      'Transfer-Encoding: gzip\r\n',
      '5\r\nhello\r\n0\r\n\r\n',
      'ffffffffffffffffff\r\n',
    ],
    ...[
      'Connection: close\r\n',
      'Connection: upgrade\r\nUpgrade: websocket\r\n',
      'Expect: 100-continue\r\n',
      'Expect: x\r\n',
    ],
    ...[
      head,
      `${head}Content-Length: 2\r\n\r\n{}`,
      `${head}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    ],
    ...[
      'GET /health HTTP/1.1\r\nHost: a\r\n\r\n',
      'GET http://a/health HTTP/1.1\r\nHost: a\r\n\r\n',
      'Cookie: a\r\n',
    ],
  )
  const bytes = fc
    .array(
      fc.oneof({ weight: 4, arbitrary: fragment }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) }),
      {
        minLength: 1,
        maxLength: 8,
      },
    )
    .map(parts => Buffer.from(parts.join(''), 'latin1'))

  test('to the socket, it is never answered by a fault, and others are served on', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, fc.boolean(), async (sent, isRude) => {
        const client = await connectRaw(server.url)
        client.socket.on('error', () => {})
        await client.write(sent).catch(() => {})
        if (isRude) client.socket.resetAndDestroy()
        else client.socket.end()
        const received = await client.closed().catch(() => '')
        const statuses = [...received.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status))
        expect(statuses.filter(status => status >= 500)).toEqual([])
      }),
      { seed: SEED, numRuns: 400 },
    )
    expect(await isWell()).toBe(true)
  }, 30_000)
})
