import { createServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { connect as connectTls } from 'node:tls'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { connectRaw } from './testing/raw-client'
import { makeCertificate } from './testing/self-signed'
import { answer, echo, gate, get, startHandler } from './testing/start-handler'

vi.mock('node:http', async importOriginal => {
  const http = await importOriginal<typeof import('node:http')>()
  return { ...http, createServer: vi.fn(http.createServer) }
})

vi.mock('node:https', async importOriginal => {
  const https = await importOriginal<typeof import('node:https')>()
  return { ...https, createServer: vi.fn(https.createServer) }
})

describe('a request', () => {
  test('comes as it was sent, and its answer says its length', async () => {
    const { url } = await startHandler(echo)
    const client = await connectRaw(url)
    await client.write('POST /a%2Fb?c=%00 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi')
    const text = await client.received(/>$/)
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Length: 22\r\n/)
    expect(text).toContain('<POST /a%2Fb?c=%00 hi>')
  })

  test('of many on one connection is answered in order, whichever is done first', async () => {
    const { url } = await startHandler(async request => {
      if (request.target === '/slow') await new Promise(resolve => setImmediate(resolve))
      return answer(`<${request.target}>`)
    })
    const client = await connectRaw(url)
    await client.write(get('/slow') + get('/fast') + get('/slow') + get('/last'))
    const text = await client.received(/<\/last>/)
    expect(text.match(/<[^>]+>/g)).toEqual(['</slow>', '</fast>', '</slow>', '</last>'])
  })

  test.each([
    ['HEAD', 200, 'body', /Content-Length: 4\r\n/],
    ['GET', 204, undefined, /^HTTP\/1\.1 204 No Content\r\n(?!Content-Length)[\s\S]*?\r\n\r\nHTTP/],
    ['GET', 302, undefined, /Content-Length: 0\r\n/],
  ] as const)(
    '%s answered %i has no body, and the connection stays good',
    async (method, status, body, headers) => {
      const { url } = await startHandler(async ({ target }) =>
        target === '/2' ? answer('<2>') : answer(body, status),
      )
      const client = await connectRaw(url)
      await client.write(`${method} /1 HTTP/1.1\r\nHost: x\r\n\r\n${get('/2')}`)
      const text = await client.received(/<2>$/)
      expect(text).toMatch(headers)
      expect(text).toMatch(/\r\n\r\nHTTP\/1\.1 200 OK/)
    },
  )

  test('that expects a continuation gets one, and no other expectation is refused', async () => {
    const { url } = await startHandler(echo)
    const client = await connectRaw(url)
    await client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n')
    await client.received(/^HTTP\/1\.1 100 Continue\r\n\r\n$/)
    await client.write('hi')
    await client.received(/<POST \/ hi>/)
    await client.write(get('/x', 'Expect: something'))
    await client.received(/<GET \/x >/)
  })
})

test('slow clients have a time limit for handshake, headers, requests and idling', async () => {
  const limits = { headersTimeout: 15_000, requestTimeout: 60_000, keepAliveTimeout: 75_000 }
  await startHandler(echo)
  expect(vi.mocked(createServer).mock.results.at(-1)?.value).toMatchObject(limits)
  const tls = makeCertificate()
  tls.discard()
  await startHandler(echo, tls)
  expect(vi.mocked(createHttpsServer).mock.results.at(-1)?.value).toMatchObject(limits)
  expect(vi.mocked(createHttpsServer).mock.lastCall?.[0]).toMatchObject({ handshakeTimeout: 15_000 })
})

test('a fault that the walk did not hold costs its client the connection, and nobody else anything', async () => {
  const { url } = await startHandler(async ({ target }) => {
    if (target === '/fault') throw new Error('a fault')
    return target === '/header' ? { status: 200, headers: { 'X-Y': 'a\nb' }, body: '' } : answer('<fine>')
  })
  await expect(fetch(`${url}/fault`)).rejects.toThrow('fetch failed')
  await expect(fetch(`${url}/header`)).rejects.toThrow('fetch failed')
  expect(await (await fetch(url)).text()).toBe('<fine>')
})

describe('stopping', () => {
  test('lets a running request end, and its connection with it', async () => {
    const { handle, open, entered } = gate()
    const { url, stop } = await startHandler(handle)
    const client = await connectRaw(url)
    await client.write(get('/running'))
    await entered
    const stopped = stop(60_000)
    open()
    await stopped
    const text = await client.closed()
    expect(text).toContain('</running>')
    expect(text).toContain('\r\nConnection: close\r\n')
  })

  test('closes connections that are idle or never spoke, at once', async () => {
    const { url, stop } = await startHandler(echo)
    const idle = await connectRaw(url)
    await idle.write(get('/'))
    await idle.received(/>$/)
    const silent = await connectRaw(url)
    await stop(60_000)
    expect(await idle.closed()).toMatch(/>$/)
    await silent.closed().catch(() => '')
    expect(silent.socket.closed).toBe(true)
  })

  test('takes no new connections', async () => {
    const { url, stop } = await startHandler(echo)
    await stop(0)
    await expect(connectRaw(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('cuts what does not end in time', async () => {
    const { handle, open, entered } = gate()
    const { url, stop } = await startHandler(handle)
    const client = await connectRaw(url)
    client.socket.on('error', () => {})
    await client.write(get('/'))
    await entered
    await stop(1)
    await client.closed().catch(() => '')
    expect(client.socket.closed).toBe(true)
    open()
  })
})

describe('with TLS', () => {
  const tls = makeCertificate()
  afterAll(() => tls.discard())

  const connectSecurely = async (port: number) => {
    const socket = connectTls({ port, host: '127.0.0.1', ca: tls.cert, servername: 'localhost' })
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
    return socket
  }

  test('a request is known to be encrypted', async () => {
    const { port } = await startHandler(async ({ isEncrypted }) => answer(`<${isEncrypted}>`), tls)
    const socket = await connectSecurely(port)
    socket.write(get('/'))
    const [text] = await new Promise<string[]>(resolve =>
      socket.once('data', chunk => resolve([String(chunk)])),
    )
    expect(text).toContain('<true>')
  })

  test('a client that speaks no TLS is let go', async () => {
    const { url } = await startHandler(echo, tls)
    const client = await connectRaw(url)
    client.socket.on('error', () => {})
    await client.write(get('/'))
    const text = await client.closed().catch(() => '')
    expect(client.socket.closed).toBe(true)
    expect(text).not.toContain('<GET')
  })

  test('stopping closes silent connections at once, and after the grace those that never shook hands', async () => {
    const { url, port, stop } = await startHandler(echo, tls)
    const silent = await connectSecurely(port)
    const closed = new Promise(resolve => silent.once('close', resolve))
    silent.on('error', () => {})
    await stop(60_000)
    await closed

    const second = await startHandler(echo, tls)
    const handshaking = await connectRaw(second.url)
    handshaking.socket.on('error', () => {})
    await second.stop(1)
    await handshaking.closed().catch(() => '')
    expect(handshaking.socket.closed).toBe(true)
    expect(url).not.toBe(second.url)
  })
})
