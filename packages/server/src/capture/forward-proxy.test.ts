import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAddressRule } from './address-rule'
import { type ForwardProxy, type ProxyPass, startForwardProxy } from './forward-proxy'
import { NOT_VISITED, PRIVATE_ADDRESS } from './open-connection'

/** 127.0.0.1 is allowed and stands for the Internet; 127.0.0.2 is the private network. */
describe('the forward proxy', () => {
  let proxy: ForwardProxy
  let pass: ProxyPass
  let web: Server
  let hidden: Server
  let port: number
  let hits: string[]
  let names: string[]
  let addresses: (name: string) => readonly string[]

  const listen = async (server: Server, host: string, at = 0) => {
    server.listen(at, host)
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const seen: IncomingMessage[] = []

  beforeAll(async () => {
    web = createHttpServer(async (request, response) => {
      seen.push(request)
      const body = await text(request)
      response.writeHead(200, { 'set-cookie': ['a=1', 'b=2'], connection: 'close, x-hop', 'x-hop': '1' })
      response.end(`${request.method} ${request.url} ${body}`)
    })
    hidden = createHttpServer((request, response) => {
      hits.push(request.url ?? '')
      response.end('secret')
    })
    port = await listen(web, '127.0.0.1')
    await listen(hidden, '127.0.0.2', port)
    proxy = await startForwardProxy({
      resolve: async name => {
        names.push(name)
        return addresses(name)
      },
      isAllowed: createAddressRule(['127.0.0.1'], () => []),
    })
  })
  beforeEach(() => {
    pass = proxy.issuePass()
    hits = []
    names = []
    seen.length = 0
    addresses = () => ['127.0.0.1']
  })
  afterAll(async () => {
    await proxy.close()
    for (const server of [web, hidden]) {
      server.closeAllConnections()
      server.close()
    }
  })

  const credentials = ({ username, password }: Pick<ProxyPass, 'username' | 'password'>) =>
    `Proxy-Authorization: Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

  /** Writes bytes to the proxy. @returns all that comes back until it hangs up */
  const send = async (bytes: string | Buffer): Promise<string> => {
    const socket = connect(proxy.port, '127.0.0.1')
    socket.on('error', () => {})
    let answer = ''
    socket.setEncoding('latin1').on('data', chunk => {
      answer += chunk
    })
    socket.write(bytes)
    await new Promise(resolve => socket.once('close', resolve))
    return answer
  }
  const get = (url: string) =>
    send(
      [`GET ${url} HTTP/1.1`, 'Host: ignored', 'Connection: close', credentials(pass), '', ''].join('\r\n'),
    )
  const tunnel = (authority: string, inside = '', by: string = credentials(pass)) =>
    send(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${by}\r\n\r\n${inside}`)
  const statusOf = (answer: string) => Number(answer.split(' ')[1])

  it('forwards a plain request with its body, and its answer, but nothing that is between the two ends of a connection', async () => {
    const answer = await send(
      [
        `POST http://site.example:${port}/a?b HTTP/1.1`,
        'Host: other.example',
        credentials(pass),
        'Connection: close, X-Private',
        'X-Private: 1',
        'X-Kept: 1',
        'Content-Length: 4',
        '',
        'body',
      ].join('\r\n'),
    )
    expect(answer).toMatch(/^HTTP\/1.1 200 /)
    expect(answer).toContain('POST /a?b body')
    expect(answer).toMatch(/set-cookie: a=1\r\nset-cookie: b=2\r\n/i)
    expect(answer).not.toContain('x-hop')
    expect(seen[0]?.headers).toMatchObject({
      host: `site.example:${port}`,
      'x-kept': '1',
      'content-length': '4',
    })
    expect(Object.keys(seen[0]!.headers)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^proxy-|x-private/)]),
    )
  })

  it('opens a tunnel and carries bytes both ways, also those that came early', async () => {
    const inside = 'GET /t HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    const answer = await tunnel(`site.example:${port}`, inside)
    expect(answer).toMatch(/^HTTP\/1.1 200 Connection Established\r\n\r\nHTTP\/1.1 200 /)
    expect(answer).toContain('GET /t')
  })

  it('serves nobody without the pass of a capture', async () => {
    const stranger = { username: pass.username, password: proxy.issuePass().password }
    const wrong = [
      'X-None: 1',
      'Proxy-Authorization: Basic',
      'Proxy-Authorization: Basic !!!',
      'Proxy-Authorization: Bearer x',
      credentials({ username: '', password: '' }),
      credentials({ username: pass.username, password: '' }),
      credentials({ username: '__proto__', password: 'x' }),
      credentials(stranger),
    ]
    for (const header of wrong) {
      const plain = await send(`GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: a\r\n${header}\r\n\r\n`)
      expect([header, statusOf(plain)]).toEqual([header, 407])
      expect([header, statusOf(await tunnel(`127.0.0.1:${port}`, '', header))]).toEqual([header, 407])
    }
    expect([seen, names]).toEqual([[], []])
  })

  it('a pass that has ended is good for nothing, and what it had under way is cut off', async () => {
    const silent = createTcpServer()
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port: silentPort } = silent.address() as AddressInfo
    const reached = once(silent, 'connection')
    const waiting = [tunnel(`127.0.0.1:${silentPort}`)]
    await reached
    const reachedAgain = once(silent, 'connection')
    waiting.push(get(`http://127.0.0.1:${silentPort}/`))
    await reachedAgain
    pass.end()
    const answers = await Promise.all(waiting)
    expect(
      answers.map(answer => answer.replace(/^HTTP\/1.1 200 Connection Established\r\n\r\n/, '')),
    ).toEqual(['', ''])
    expect(statusOf(await tunnel(`127.0.0.1:${port}`))).toBe(407)
    silent.close()
  })

  it.each([
    '127.0.0.2',
    '127.1.1.1',
    '[::1]',
    '[::ffff:7f00:2]',
    '2130706434',
    '0x7f000002',
    '0177.0.0.2',
    '169.254.169.254',
    '10.0.0.1',
    '0.0.0.0',
    '[64:ff9b::7f00:1]',
  ])('refuses %s, plain and as a tunnel', async host => {
    const plain = await get(`http://${host}:${port}/`)
    expect(statusOf(plain)).toBe(403)
    expect(plain.toLowerCase()).toContain(pass.mark)
    expect(statusOf(await tunnel(`${host}:${port}`))).toBe(403)
    const { hostname } = new URL(`http://${host}`)
    expect(pass.failureOf(`${hostname}:${port}`)).toMatchObject({
      fault: 'refused',
      message: PRIVATE_ADDRESS,
    })
    expect([hits, names]).toEqual([[], []])
  })

  it.each<[string, () => string[]]>([
    ['has none but private addresses', () => ['127.0.0.2', '10.0.0.1', '::1']],
    ['has none', () => []],
    [
      'is not known',
      () => {
        throw new Error('ENOTFOUND')
      },
    ],
  ])('refuses a name that %s, and does not tell which of these it is', async (_case, answer) => {
    addresses = answer
    const host = `some.example:${port}`
    const plain = await get(`http://${host}/`)
    expect(plain).toContain('\r\nThis address cannot be visited\r\n')
    expect([statusOf(plain), statusOf(await tunnel(host))]).toEqual([403, 403])
    const failure = pass.failureOf(host)
    expect([failure?.fault, failure?.message]).toEqual(['refused', NOT_VISITED])
    expect(hits).toEqual([])
  })

  it('of a name with several addresses it takes none that is private', async () => {
    addresses = () => ['127.0.0.2', '127.0.0.1']
    expect(statusOf(await get(`http://mixed.example:${port}/`))).toBe(200)
    expect(hits).toEqual([])
  })

  it('asks for the addresses of a name once a connection, and goes where it has checked', async () => {
    const answers = [['127.0.0.1'], ['127.0.0.2']]
    addresses = () => answers.shift() ?? ['127.0.0.2']
    expect(statusOf(await get(`http://rebinding.example:${port}/`))).toBe(200)
    expect(names).toEqual(['rebinding.example'])
    expect(statusOf(await get(`http://rebinding.example:${port}/`))).toBe(403)
    expect(names).toHaveLength(2)
    expect(hits).toEqual([])
  })

  it('tries the next address when one leads nowhere', async () => {
    addresses = () => ['127.0.0.3', '127.0.0.1']
    const other = await startForwardProxy({
      resolve: async () => addresses(''),
      isAllowed: createAddressRule(['127.0.0.0/8'], () => []),
    })
    const first = proxy
    proxy = other
    pass = other.issuePass()
    try {
      expect(statusOf(await get(`http://site.example:${port}/`))).toBe(200)
    } finally {
      proxy = first
      await other.close()
    }
  })

  it.each([21, 22, 25, 110, 445, 6379, 11_211])('refuses port %i', async at => {
    expect(statusOf(await get(`http://127.0.0.1:${at}/`))).toBe(403)
    expect(statusOf(await tunnel(`127.0.0.1:${at}`))).toBe(403)
  })

  it('says so when nobody answers', async () => {
    const closed = createTcpServer()
    closed.listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const { port: closedPort } = closed.address() as AddressInfo
    closed.close()
    await once(closed, 'close')
    expect(statusOf(await tunnel(`127.0.0.1:${closedPort}`))).toBe(502)
    expect(pass.failureOf(`127.0.0.1:${closedPort}`)?.message).toBe('The server cannot be reached')
  })

  it.each([
    ['a path', 'GET / HTTP/1.1\r\nHost: a\r\nAUTH\r\n\r\n', 400],
    ['another scheme', 'GET file:///etc/passwd HTTP/1.1\r\nHost: a\r\nAUTH\r\n\r\n', 400],
    ['https in the open', 'GET https://a/ HTTP/1.1\r\nHost: a\r\nAUTH\r\n\r\n', 400],
    ['a tunnel without port', 'CONNECT a HTTP/1.1\r\nHost: a\r\nAUTH\r\n\r\n', 400],
    ['a tunnel to a URL', 'CONNECT http://a:1 HTTP/1.1\r\nHost: a\r\nAUTH\r\n\r\n', 400],
    ['no HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['a bad header', 'GET http://a/ HTTP/1.1\r\nHo st: a\r\n\r\n', 400],
    [
      'two lengths',
      'POST http://a/ HTTP/1.1\r\nHost: a\r\nAUTH\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['headers without end', `GET http://a/ HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`, 431],
  ])('answers %s, and lives on', async (_name, request, status) => {
    expect(statusOf(await send(Buffer.from(request.replace('AUTH', credentials(pass)), 'latin1')))).toBe(
      status,
    )
    expect(statusOf(await get(`http://127.0.0.1:${port}/`))).toBe(200)
  })

  it.each([
    ['hangs up at once', ''],
    ['speaks no HTTP', 'nonsense\r\n\r\n'],
    ['changes the protocol', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'],
    ['has an odd status', 'HTTP/1.1 099 x\r\nContent-Length: 0\r\n\r\n'],
    ['has headers without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`],
    ['has odd headers', 'HTTP/1.1 200 OK\r\nX: \x01\x7f\r\nContent-Length: 0\r\n\r\n'],
    ['stops in the middle', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'],
  ])('survives a server that %s', async (_name, answer) => {
    const odd = createTcpServer(socket => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end(answer, 'latin1'))
    })
    odd.listen(0, '127.0.0.1')
    await once(odd, 'listening')
    const { port: oddPort } = odd.address() as AddressInfo
    const received = await get(`http://127.0.0.1:${oddPort}/`)
    expect(received === '' || [502, 200].includes(statusOf(received))).toBe(true)
    await tunnel(`127.0.0.1:${oddPort}`, 'x')
    expect(statusOf(await get(`http://127.0.0.1:${port}/`))).toBe(200)
    odd.close()
  })
})
