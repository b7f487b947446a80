import { once } from 'node:events'
import type { IncomingMessage, RequestListener } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { SnoopConnectionError } from '../errors'
import type { ClientOptions } from './client-types'
import { createCookieJar } from './cookie-jar'
import { createClient } from './create-client'
import { answerOk, type LocalServer, startServer } from './testing/local-server'

// A proxy of the machine that runs the tests is none of theirs.
beforeEach(() => {
  vi.stubEnv('http_proxy', '')
})

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

const serve = async (onRequest: RequestListener): Promise<LocalServer> => {
  const server = await startServer(onRequest)
  cleanUps.push(server.stop)
  return server
}
const clientFor = (baseUrl: string, options: Partial<ClientOptions> = {}) => {
  const client = createClient({ baseUrl, retry: { attempts: 0 }, ...options })
  cleanUps.push(client.close)
  return client
}
const failureOf = async (call: PromiseLike<unknown>): Promise<SnoopConnectionError> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (SnoopConnectionError.is(error)) return error
  throw new Error('It did not fail to connect', { cause: error })
}

describe('over a real connection,', () => {
  test('calls one after the other do not each open a connection', async () => {
    const server = await serve(answerOk)
    const client = clientFor(server.origin)
    for (let call = 0; call < 5; call++) await client.user.me()
    expect(server.connections()).toBeLessThan(3)
  })

  test('a client that was closed opens a new one when it is used again', async () => {
    const server = await serve(answerOk)
    const client = clientFor(server.origin)
    await client.user.me()
    await client.close()
    await client.user.me()
    expect(server.connections()).toBe(2)
  })

  test('method, body and headers arrive as they were built', async () => {
    let received = ''
    const server = await serve(async (request, response) => {
      for await (const chunk of request) received += chunk
      answerOk(request, response)
    })
    const client = clientFor(server.origin, { apiKey: 'ba_x' })
    const data = await client.user.update({ fullName: 'Ada Lovelace ✓' })
    expect(data).toMatchObject({
      method: 'PUT',
      headers: { 'x-api-key': 'ba_x', 'content-type': 'application/json' },
    })
    expect(JSON.parse(received)).toEqual({ fullName: 'Ada Lovelace ✓' })
  })

  test('repeated headers are joined, and each cookie is kept', async () => {
    const server = await serve((request, response) => {
      response.setHeader('x-many', ['a', 'b'])
      response.setHeader('set-cookie', ['snoop_session=s1; Path=/', 'other=o1; Path=/'])
      answerOk(request, response)
    })
    const jar = createCookieJar()
    const { response } = await clientFor(server.origin, { cookieJar: jar }).user.me().withResponse()
    expect(response.headers['x-many']).toBe('a, b')
    expect(response.headers).not.toHaveProperty('set-cookie')
    expect(await jar.getCookieString(server.origin)).toBe('snoop_session=s1; other=o1')
  })

  test('a redirect is an error, and the credential goes nowhere else', async () => {
    const elsewhere: IncomingMessage[] = []
    const other = await serve((request, response) => {
      elsewhere.push(request)
      answerOk(request, response)
    })
    const server = await serve((_, response) => {
      response.writeHead(307, { location: other.origin }).end()
    })
    const call = clientFor(server.origin, { apiKey: 'ba_x' }).user.me()
    await expect(call).rejects.toMatchObject({ status: 307, code: 'UNEXPECTED_RESPONSE' })
    expect(elsewhere).toEqual([])
  })

  test('an answer in another encoding of the wire is read to its end', async () => {
    const server = await serve((_, response) => {
      response.write('{"success":true,"status":200,"code":"OK","message":"m",')
      setImmediate(() => response.end('"data":{"id":"u"}}'))
    })
    expect(await clientFor(server.origin).user.me()).toEqual({ id: 'u' })
  })
})

describe('a failure', () => {
  test('to connect is certain to have sent nothing', async () => {
    const server = await startServer(answerOk)
    await server.stop()
    const error = await failureOf(clientFor(server.origin).apiKeys.create({ name: 'ci' }))
    expect(error).toMatchObject({ sent: false, code: 'ECONNREFUSED' })
    expect(error.message).toBe(`Nothing answers at ${server.origin} (ECONNREFUSED)`)
  })

  test('to resolve the name is certain to have sent nothing', async () => {
    const error = await failureOf(clientFor('http://snoop.invalid').user.me())
    expect(error.sent).toBe(false)
    expect(error.message).toContain('could not be resolved')
  })

  test('after the request arrived is not certain', async () => {
    const server = await serve(request => request.socket.destroy())
    expect((await failureOf(clientFor(server.origin).apiKeys.create({ name: 'ci' }))).sent).toBe(true)
  })

  test('in the middle of a body is one too, and no half answer', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('{"success":true,', () => response.destroy())
    })
    expect((await failureOf(clientFor(server.origin).user.me())).sent).toBe(true)
  })

  test('what is no HTTP at all is a failure without its bytes in the error', async () => {
    const server = await serve(answerOk)
    server.server.on('connection', socket => socket.end('SSH-2.0-s3cret\r\n'))
    const error = await failureOf(clientFor(server.origin).user.me())
    expect(error.cause).not.toHaveProperty('data')
  })
})

test('aborting closes the connection of the request', async () => {
  const server = await serve(() => {})
  const controller = new AbortController()
  const call = clientFor(server.origin).user.me({}, { signal: controller.signal })
  const [arrived]: IncomingMessage[] = await once(server.server, 'request')
  const closed = once(arrived!.socket, 'close')
  controller.abort()
  await expect(call).rejects.toMatchObject({ name: 'SnoopAbortError' })
  await closed
})

describe('a proxy', () => {
  const startProxy = async () => {
    const tunnels: string[] = []
    const proxy = await serve(answerOk)
    proxy.server.on('connect', (request, socket) => {
      tunnels.push(request.url ?? '')
      const target = new URL(`http://${request.url}`)
      const upstream = connect(Number(target.port), target.hostname, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        upstream.pipe(socket).pipe(upstream)
      })
      for (const end of [socket, upstream]) end.on('error', () => upstream.destroy())
    })
    return { origin: proxy.origin, tunnels }
  }

  test('named by the environment is used, unless the host is excepted', async () => {
    const server = await serve(answerOk)
    const proxy = await startProxy()
    vi.stubEnv('http_proxy', proxy.origin)
    vi.stubEnv('no_proxy', '')
    await clientFor(server.origin).user.me()
    expect(proxy.tunnels).toEqual([new URL(server.origin).host])
    vi.stubEnv('no_proxy', '127.0.0.1')
    await clientFor(server.origin).user.me()
    expect(proxy.tunnels).toHaveLength(1)
  })
})
