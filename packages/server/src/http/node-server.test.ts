import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type NodeServer, startNodeServer } from './node-server'
import { connectRaw } from './testing/raw-client'
import type { WireHandler } from './wire'

vi.mock('node:http', async importOriginal => {
  const http = await importOriginal<typeof import('node:http')>()
  return { ...http, createServer: vi.fn(http.createServer) }
})

const newestHttpServer = (): Server => vi.mocked(createServer).mock.results.at(-1)?.value

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const start = async (handle: WireHandler, tls?: { cert: Buffer; key: Buffer }) => {
  const server: NodeServer = await startNodeServer({ host: '127.0.0.1', port: 0, tls, handle })
  cleanups.push(() => server.stop(0))
  return { ...server, url: `http://127.0.0.1:${server.port}` }
}

const answer = (body: string | undefined, status = 200) => ({ status, headers: {}, body })
/** Answers with method, target and body of the request. */
const echo: WireHandler = async request =>
  answer(`<${request.method} ${request.target} ${request.method === 'POST' ? await request.readBody() : ''}>`)

/** Answers only when told to. */
const gate = () => {
  let open = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  let enter = () => {}
  const entered = new Promise<void>(resolve => {
    enter = resolve
  })
  const handle: WireHandler = async request => {
    enter()
    await opened
    return answer(`<${request.target}>`)
  }
  return { handle, open, entered }
}

const get = (path: string, ...headers: string[]) =>
  ['GET', path]
    .join(' ')
    .concat(' HTTP/1.1\r\nHost: x\r\n', ...headers.map(header => `${header}\r\n`), '\r\n')
const MIB = 1024 * 1024

/** Refuses whatever cannot be read, as the walk does. */
const readOrRefuse: WireHandler = async request => {
  try {
    return answer(`<${(await request.readBody()).length}>`)
  } catch (error) {
    return answer(`<${(error as { code: string }).code}>`, 400)
  }
}

describe('a request', () => {
  test('comes as it was sent, and its answer says its length', async () => {
    const { url } = await start(echo)
    const client = await connectRaw(url)
    await client.write('POST /a%2Fb?c=%00 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi')
    const text = await client.received(/>$/)
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Length: 22\r\n/)
    expect(text).toContain('<POST /a%2Fb?c=%00 hi>')
  })

  test('of many on one connection is answered in order, whichever is done first', async () => {
    const { url } = await start(async request => {
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
      const { url } = await start(async ({ target }) =>
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
    const { url } = await start(echo)
    const client = await connectRaw(url)
    await client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n')
    await client.received(/^HTTP\/1\.1 100 Continue\r\n\r\n$/)
    await client.write('hi')
    await client.received(/<POST \/ hi>/)
    await client.write(get('/x', 'Expect: something'))
    await client.received(/<GET \/x >/)
  })
})

describe('a body', () => {
  const head = (headers: string) => `POST / HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n`

  test('of 10 MiB is read', async () => {
    const { url } = await start(readOrRefuse)
    const client = await connectRaw(url)
    await client.write(head(`Content-Length: ${10 * MIB}`))
    await client.write(Buffer.alloc(10 * MIB, 'a'))
    await client.received(/<10485760>/)
  })

  test('that says it is larger is refused before it is sent, and the connection ends', async () => {
    const { url } = await start(readOrRefuse)
    const client = await connectRaw(url)
    await client.write(head(`Content-Length: ${10 * MIB + 1}`))
    const text = await client.received(/<BODY_TOO_LARGE>/)
    expect(text).toContain('\r\nConnection: close\r\n')
  })

  test('that turns out to be larger is refused as soon as that is known', async () => {
    const { url } = await start(readOrRefuse)
    const client = await connectRaw(url)
    await client.write(head('Transfer-Encoding: chunked'))
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MIB, 'a'), Buffer.from('\r\n')])
    for (let sent = 0; sent <= 10; sent++) await client.write(chunk)
    const text = await client.received(/<BODY_TOO_LARGE>/)
    expect(text).toContain('\r\nConnection: close\r\n')
  })

  test.each([
    ['by its length', `Content-Length: ${15 * MIB}`, (bytes: Buffer) => bytes],
    [
      'in chunks',
      'Transfer-Encoding: chunked',
      (bytes: Buffer) =>
        Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n0\r\n\r\n')]),
    ],
  ])('that is too large reaches a client that sends it all before it reads: %s', async (_, header, frame) => {
    const { url } = await start(readOrRefuse)
    const client = await connectRaw(url)
    client.socket.pause()
    await client.write(Buffer.concat([Buffer.from(head(header)), frame(Buffer.alloc(15 * MIB, 'a'))]))
    client.socket.resume()
    expect(await client.closed()).toContain('<BODY_TOO_LARGE>')
  })

  test('without end is not read without end', async () => {
    const { url } = await start(readOrRefuse)
    const client = await connectRaw(url)
    client.socket.on('error', () => {})
    await client.write(head(`Content-Length: ${1000 * MIB}`))
    let sent = 0
    const chunk = Buffer.alloc(MIB, 'a')
    await expect(
      (async () => {
        for (; sent < 1000; sent++) await client.write(chunk)
      })(),
    ).rejects.toThrow(/EPIPE|ECONNRESET|closed|ended/i)
    expect(sent).toBeLessThan(100)
  })

  test('that nobody reads ends the connection with the answer', async () => {
    const { url } = await start(async () => answer('<refused>', 401))
    const client = await connectRaw(url)
    await client.write(head(`Content-Length: ${5 * MIB}`))
    const text = await client.received(/<refused>$/)
    expect(text).toContain('\r\nConnection: close\r\n')
    await client.write(Buffer.alloc(5 * MIB, 'a'))
    expect(await client.closed()).toBe(text)
  })

  test('that nobody reads does no harm to the next request if it came whole', async () => {
    const { url } = await start(async ({ target }) => answer(`<${target}>`))
    const client = await connectRaw(url)
    await client.write(
      `POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n${get('/smuggled').slice(0, 20)}${get('/2')}`,
    )
    const text = await client.received(/<\/2>/)
    expect(text.match(/<[^>]+>/g)).toEqual(['</1>', '</2>'])
  })

  test.each([
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a cut character', [0xe2, 0x82]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00]],
  ])('that is no UTF-8 is refused, not repaired: %s', async (_, bytes) => {
    const { url } = await start(readOrRefuse)
    const response = await fetch(url, { method: 'POST', body: Buffer.from(bytes) })
    expect(await response.text()).toBe('<MALFORMED_JSON>')
  })

  test('that breaks off ends its request', async () => {
    const ends: string[] = []
    let note = () => {}
    const noted = new Promise<void>(resolve => {
      note = resolve
    })
    const { url } = await start(async request => {
      const response = await readOrRefuse(request)
      ends.push(response.body ?? '')
      note()
      return response
    })
    const client = await connectRaw(url)
    await client.write(head('Content-Length: 10'))
    await client.write('abc')
    client.socket.resetAndDestroy()
    await noted
    expect(ends).toEqual(['<MALFORMED_JSON>'])
    expect(await (await fetch(url, { method: 'POST', body: 'abc' })).text()).toBe('<3>')
  })
})

describe('what is no HTTP', () => {
  const refusal = (status: number) => ({
    success: false,
    status,
    code: 'VALIDATION_ERROR',
    message: 'This is not a valid HTTP request',
  })

  test.each([
    ['noise', '\x00\xff\x13noise\r\n\r\n', 400],
    ['a method that does not exist', 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na', 400],
    [
      'length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a folded header', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c: d\r\n\r\n', 400],
    ['a null byte in a header', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\x00c\r\n\r\n', 400],
    ['a blank before the colon', 'GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n', 400],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(200_000)}`, 431],
    ['a target without end', `GET /${'a'.repeat(200_000)}`, 431],
  ])('is refused in words, and the connection ends: %s', async (_, bytes, status) => {
    const { url } = await start(echo)
    const client = await connectRaw(url)
    await client.write(Buffer.from(bytes, 'latin1'))
    const text = await client.received(/\}$/)
    client.socket.end()
    expect(await client.closed()).toBe(text)
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(text).toContain('\r\nConnection: close\r\n')
    expect(JSON.parse(text.slice(text.indexOf('{')))).toEqual(refusal(status))
  })

  test('reaches a client that sends it all before it reads', async () => {
    const { url } = await start(echo)
    const client = await connectRaw(url)
    client.socket.pause()
    await client.write(`GET /${'a'.repeat(15 * MIB)}`)
    client.socket.resume()
    client.socket.end()
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 431 .*\}$/s)
  })

  test('never overtakes the answer to a request before it', async () => {
    const { handle, open, entered } = gate()
    const { url } = await start(handle)
    const client = await connectRaw(url)
    client.socket.on('error', () => {})
    await client.write(`${get('/first')}noise\r\n\r\n`)
    await entered
    open()
    const text = await client.closed().catch(() => '')
    expect(text).not.toContain('VALIDATION_ERROR')
  })

  test('in the middle of a body is told to the one who sent it', async () => {
    const { url } = await start(readOrRefuse)
    const client = await connectRaw(url)
    await client.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n')
    expect(await client.received(/\}$/)).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('does not hold the connection longer than its client does', async () => {
    const { url, stop } = await start(echo)
    const client = await connectRaw(url)
    await client.write('noise\r\n\r\n')
    await client.received(/\}$/)
    client.socket.destroy()
    await stop(60_000)
  })

  test('of one client harms no other', async () => {
    const { url } = await start(echo)
    const clients = await Promise.all(Array.from({ length: 50 }, () => connectRaw(url)))
    for (const [index, client] of clients.entries()) {
      client.socket.on('error', () => {})
      client.socket.write(index % 2 ? get('/x') : 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na')
      client.socket.resetAndDestroy()
    }
    expect(await (await fetch(`${url}/after`)).text()).toBe('<GET /after >')
  })
})

test('slow clients have a time limit for headers, requests and idling', async () => {
  await start(echo)
  const server = newestHttpServer()
  expect(server.headersTimeout).toBe(15_000)
  expect(server.requestTimeout).toBe(60_000)
  expect(server.keepAliveTimeout).toBe(75_000)
})

test('a fault that the walk did not hold costs its client the connection, and nobody else anything', async () => {
  const { url } = await start(async ({ target }) => {
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
    const { url, stop } = await start(handle)
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
    const { url, stop } = await start(echo)
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
    const { url, stop } = await start(echo)
    await stop(0)
    await expect(connectRaw(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('waits for a request whose client has gone: its work may be half done', async () => {
    const { handle, open, entered } = gate()
    const { url, stop } = await start(handle)
    const client = await connectRaw(url)
    await client.write(get('/'))
    await entered
    const serverClosed = new Promise(resolve => newestHttpServer().once('close', resolve))
    client.socket.destroy()
    let isStopped = false
    const stopped = stop(60_000).then(() => {
      isStopped = true
    })
    await serverClosed
    await new Promise(resolve => setImmediate(resolve))
    expect(isStopped).toBe(false)
    open()
    await stopped
  })

  test('cuts what does not end in time', async () => {
    const { handle, open, entered } = gate()
    const { url, stop } = await start(handle)
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
  const folder = mkdtempSync(join(tmpdir(), 'snoop-tls-'))
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '1',
      ],
      ...['-subj', '/CN=localhost', '-keyout', keyFile, '-out', certFile],
    ],
    { stdio: 'ignore' },
  )
  const tls = { key: readFileSync(keyFile), cert: readFileSync(certFile) }
  rmSync(folder, { recursive: true })

  const connectSecurely = async (port: number) => {
    const socket = connectTls({ port, host: '127.0.0.1', ca: tls.cert, servername: 'localhost' })
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
    return socket
  }

  test('a request is known to be encrypted', async () => {
    const { port } = await start(async ({ isEncrypted }) => answer(`<${isEncrypted}>`), tls)
    const socket = await connectSecurely(port)
    socket.write(get('/'))
    const [text] = await new Promise<string[]>(resolve =>
      socket.once('data', chunk => resolve([String(chunk)])),
    )
    expect(text).toContain('<true>')
  })

  test('a client that speaks no TLS is let go', async () => {
    const { url } = await start(echo, tls)
    const client = await connectRaw(url)
    client.socket.on('error', () => {})
    await client.write(get('/'))
    const text = await client.closed().catch(() => '')
    expect(client.socket.closed).toBe(true)
    expect(text).not.toContain('<GET')
  })

  test('stopping closes silent connections at once, and after the grace those that never shook hands', async () => {
    const { url, port, stop } = await start(echo, tls)
    const silent = await connectSecurely(port)
    const closed = new Promise(resolve => silent.once('close', resolve))
    silent.on('error', () => {})
    await stop(60_000)
    await closed

    const second = await start(echo, tls)
    const handshaking = await connectRaw(second.url)
    handshaking.socket.on('error', () => {})
    await second.stop(1)
    await handshaking.closed().catch(() => '')
    expect(handshaking.socket.closed).toBe(true)
    expect(url).not.toBe(second.url)
  })
})
