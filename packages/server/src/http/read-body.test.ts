import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { readBody } from './read-body'
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
  expect(await whenBrokenOff(readBody)).toEqual(['MALFORMED_JSON', 'The request broke off'])
})

test('a body that broke off before anybody read it is refused too, instead of being waited for', async () => {
  const readLater = async (message: IncomingMessage) => {
    await new Promise(resolve => message.once('close', resolve))
    return readBody(message)
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
