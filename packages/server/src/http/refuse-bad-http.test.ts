import { describe, expect, test } from 'vitest'
import { connectRaw } from './testing/raw-client'
import { echo, gate, get, readOrRefuse, startHandler } from './testing/start-handler'

const MIB = 1024 * 1024

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
    const { url } = await startHandler(echo)
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
    const { url } = await startHandler(echo)
    const client = await connectRaw(url)
    client.socket.pause()
    await client.write(`GET /${'a'.repeat(15 * MIB)}`)
    client.socket.resume()
    client.socket.end()
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 431 .*\}$/s)
  })

  test('never overtakes the answer to a request before it', async () => {
    const { handle, open, entered } = gate()
    const { url } = await startHandler(handle)
    const client = await connectRaw(url)
    client.socket.on('error', () => {})
    await client.write(`${get('/first')}noise\r\n\r\n`)
    await entered
    open()
    const text = await client.closed().catch(() => '')
    expect(text).not.toContain('VALIDATION_ERROR')
  })

  test('in the middle of a body is told to the one who sent it', async () => {
    const { url } = await startHandler(readOrRefuse)
    const client = await connectRaw(url)
    await client.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n')
    expect(await client.received(/\}$/)).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('does not hold the connection longer than its client does', async () => {
    const { url, stop } = await startHandler(echo)
    const client = await connectRaw(url)
    await client.write('noise\r\n\r\n')
    await client.received(/\}$/)
    client.socket.destroy()
    await stop(60_000)
  })

  test('of one client harms no other', async () => {
    const { url } = await startHandler(echo)
    const clients = await Promise.all(Array.from({ length: 50 }, () => connectRaw(url)))
    for (const [index, client] of clients.entries()) {
      client.socket.on('error', () => {})
      client.socket.write(index % 2 ? get('/x') : 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na')
      client.socket.resetAndDestroy()
    }
    expect(await (await fetch(`${url}/after`)).text()).toBe('<GET /after >')
  })
})
