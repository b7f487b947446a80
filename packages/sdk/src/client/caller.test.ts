import { describe, expect, test } from 'vitest'
import { baseUrl, givenClient as given } from './testing/given-client'
import { failed, ok, type ScriptedTransport, socketError } from './testing/scripted-transport'

describe('idempotency', () => {
  const keys = (transport: ScriptedTransport) =>
    transport.requests.map(({ headers }) => headers['idempotency-key'])

  test('a write that creates gets a key by itself, the same for its retries, another for the next', async () => {
    const { client, transport } = given(
      {},
      socketError('ECONNRESET'),
      failed(503, 'SERVICE_UNAVAILABLE'),
      ok({ key: 'k' }),
    )
    await client.apiKeys.rotate({ keyId: 'ak_1' })
    await client.apiKeys.create({ name: 'ci' })
    expect(keys(transport)).toEqual(['id-1', 'id-1', 'id-1', 'id-2'])
  })

  test('the caller’s own key is used instead', async () => {
    const { client, transport } = given({}, ok({ key: 'k' }))
    await client.apiKeys.rotate({ keyId: 'ak_1' }, { idempotencyKey: 'mine' })
    expect(keys(transport)).toEqual(['mine'])
    await expect(client.user.me({}, { idempotencyKey: 'a\nb' })).rejects.toThrow(TypeError)
  })

  test('no other write gets one, and none is sent twice', async () => {
    const { client, transport } = given({}, socketError('ECONNRESET'))
    await expect(client.apiKeys.update({ keyId: 'ak_1' })).rejects.toMatchObject({ sent: true })
    expect(keys(transport)).toEqual([undefined])
  })
})

describe('request', () => {
  test('gives status, headers and body as they came, for errors too', async () => {
    const { client, transport } = given({ apiKey: 'ba_x' }, failed(404, 'NOT_FOUND'))
    const answer = await client.request('get', '/api/new', {
      query: { a: 1, b: undefined },
      headers: { 'X-Trace': 't' },
    })
    expect(answer).toMatchObject({
      status: 404,
      requestId: 'req_1',
      message: 'Failed: NOT_FOUND',
      body: { code: 'NOT_FOUND' },
    })
    expect(transport.requests[0]).toMatchObject({
      method: 'GET',
      url: new URL(`${baseUrl}/api/new?a=1`),
      headers: { 'x-api-key': 'ba_x', 'x-trace': 't' },
    })
  })

  test('gives text where it is not JSON', async () => {
    const { client } = given({}, { status: 200, body: 'up 1' })
    expect(await client.request('GET', '/metrics')).toMatchObject({
      status: 200,
      body: 'up 1',
      message: undefined,
    })
  })

  test.each(['Authorization', 'COOKIE', 'x-api-key'])('refuses a second credential in %s', async name => {
    const { client, transport } = given({ apiKey: 'ba_x' }, ok({}))
    await expect(client.request('GET', '/', { headers: { [name]: 's3cret' } })).rejects.toThrow(
      new TypeError(`\`${name}\` comes from the credential that createClient was given`),
    )
    expect(transport.requests).toHaveLength(0)
  })

  test('refuses a header that would split the request, without repeating it', async () => {
    const { client } = given({}, ok({}))
    await expect(client.request('GET', '/', { headers: { 'x-a': 's3cret\r\nb: c' } })).rejects.toThrow(
      new TypeError('`headers.x-a` must be visible ASCII text'),
    )
  })

  test('is sent again when it carries an Idempotency-Key header', async () => {
    const { client, transport } = given({}, socketError('ECONNRESET'), ok({}))
    await client.request('POST', '/api/new', { body: {}, headers: { 'Idempotency-Key': 'k' } })
    expect(transport.requests).toHaveLength(2)
  })
})
