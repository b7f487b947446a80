import { describe, expect, test } from 'vitest'
import { connectRaw } from './testing/raw-client'
import { answer, get, readOrRefuse, startHandler } from './testing/start-handler'

const MIB = 1024 * 1024

describe('a body', () => {
  const head = (headers: string) => `POST / HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n`

  test('of 10 MiB is read', async () => {
    const { url } = await startHandler(readOrRefuse)
    const client = await connectRaw(url)
    await client.write(head(`Content-Length: ${10 * MIB}`))
    await client.write(Buffer.alloc(10 * MIB, 'a'))
    await client.received(/<10485760>/)
  })

  test('that says it is larger is refused before it is sent, and the connection ends', async () => {
    const { url } = await startHandler(readOrRefuse)
    const client = await connectRaw(url)
    await client.write(head(`Content-Length: ${10 * MIB + 1}`))
    const text = await client.received(/<BODY_TOO_LARGE>/)
    expect(text).toContain('\r\nConnection: close\r\n')
  })

  test('that turns out to be larger is refused as soon as that is known', async () => {
    const { url } = await startHandler(readOrRefuse)
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
    const { url } = await startHandler(readOrRefuse)
    const client = await connectRaw(url)
    client.socket.pause()
    await client.write(Buffer.concat([Buffer.from(head(header)), frame(Buffer.alloc(15 * MIB, 'a'))]))
    client.socket.resume()
    expect(await client.closed()).toContain('<BODY_TOO_LARGE>')
  })

  test('without end is not read without end', async () => {
    const { url } = await startHandler(readOrRefuse)
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
    const { url } = await startHandler(async () => answer('<refused>', 401))
    const client = await connectRaw(url)
    await client.write(head(`Content-Length: ${5 * MIB}`))
    const text = await client.received(/<refused>$/)
    expect(text).toContain('\r\nConnection: close\r\n')
    await client.write(Buffer.alloc(5 * MIB, 'a'))
    expect(await client.closed()).toBe(text)
  })

  test('that nobody reads does no harm to the next request if it came whole', async () => {
    const { url } = await startHandler(async ({ target }) => answer(`<${target}>`))
    const client = await connectRaw(url)
    await client.write(
      `POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n${get('/smuggled').slice(0, 20)}${get('/2')}`,
    )
    const text = await client.received(/<\/2>/)
    expect(text.match(/<[^>]+>/g)).toEqual(['</1>', '</2>'])
  })

  test('that breaks off ends its request', async () => {
    const ends: string[] = []
    let note = () => {}
    const noted = new Promise<void>(resolve => {
      note = resolve
    })
    const { url } = await startHandler(async request => {
      const response = await readOrRefuse(request)
      ends.push(String(response.body))
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
