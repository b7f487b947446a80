import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { BodyReader } from './read-body'
import { connectRaw } from './testing/raw-client'
import { readOrRefuse, startHandler } from './testing/start-handler'

/** What `read` makes of a request whose client sends half of it and goes. */
const whenBrokenOff = async (read: (message: IncomingMessage) => Promise<unknown>) => {
  let settle = (_: unknown) => {}
  const settled = new Promise(resolve => {
    settle = resolve
  })
  const server = createServer(message => {
    settle(read(message).catch(error => [error.code, error.message]))
    client.socket.resetAndDestroy()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const client = await connectRaw(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc')
  return settled
}

test('a body that breaks off is refused', async () => {
  expect(await whenBrokenOff(message => new BodyReader().read(message))).toEqual([
    'MALFORMED_JSON',
    'The request broke off',
  ])
})

test('a body that broke off before anybody read it is refused too, instead of being waited for', async () => {
  const readLater = async (message: IncomingMessage) => {
    await new Promise(resolve => message.once('close', resolve))
    return new BodyReader().read(message)
  }
  expect(await whenBrokenOff(readLater)).toEqual(['MALFORMED_JSON', 'The request broke off'])
})

test.each([
  ['a lone continuation byte', [0x22, 0x80, 0x22]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['half a surrogate pair', [0xed, 0xa0, 0x80]],
  ['a cut character', [0xe2, 0x82]],
  ['UTF-16', [0xff, 0xfe, 0x7b, 0x00]],
])('a body that is no UTF-8 is refused, not repaired: %s', async (_, bytes) => {
  const { url } = await startHandler(readOrRefuse)
  const response = await fetch(url, { method: 'POST', body: Buffer.from(bytes) })
  expect(await response.text()).toBe('<MALFORMED_JSON>')
})

describe('of many bodies at once', () => {
  const MIB = 1024 * 1024
  const refusal = expect.objectContaining({ code: 'SERVICE_UNAVAILABLE', detail: { retryAfterSeconds: 2 } })

  /** A request of which `size` bytes have come, and no more for now. */
  const underWay = async (reader: BodyReader, size: number) => {
    const stream = new PassThrough({ highWaterMark: 20 * MIB })
    const message = Object.assign(stream, { headers: {} }) as unknown as IncomingMessage
    const body = reader.read(message).catch(error => error)
    const taken = new Promise(resolve => stream.once('pause', resolve).on('data', resolve))
    stream.write(Buffer.alloc(size, 'a'))
    await taken
    return { stream, body }
  }

  test('the long ones share 128 MiB; short ones are always read', async () => {
    const reader = new BodyReader()
    const slow = []
    for (let sent = 0; sent < 12; sent++) slow.push(await underWay(reader, 10 * MIB))
    const tooMuch = await underWay(reader, 9 * MIB)
    expect(await tooMuch.body).toEqual(refusal)
    const short = await underWay(reader, 64 * 1024)
    short.stream.end()
    expect(await short.body).toHaveLength(64 * 1024)

    const [done, gone] = slow
    done?.stream.end()
    expect(await done?.body).toHaveLength(10 * MIB)
    gone?.stream.destroy(new Error('aborted'))
    expect(await gone?.body).toMatchObject({ code: 'MALFORMED_JSON' })
    for (let sent = 0; sent < 2; sent++) await underWay(reader, 10 * MIB)
    const last = await underWay(reader, 8 * MIB)
    last.stream.end()
    expect(await last.body).toHaveLength(8 * MIB)
  })

  test('refused ones give their share back', async () => {
    const reader = new BodyReader()
    for (let sent = 0; sent < 20; sent++) {
      const { body } = await underWay(reader, 11 * MIB)
      expect(await body).toMatchObject({ code: 'BODY_TOO_LARGE' })
    }
    const { stream, body } = await underWay(reader, 10 * MIB)
    stream.end()
    expect(await body).toHaveLength(10 * MIB)
  })
})
