import { once } from 'node:events'
import { createServer } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { sendStream } from './send-stream'
import { connectRaw } from './testing/raw-client'
import { makeCertificate } from './testing/self-signed'
import { answer, get, startHandler } from './testing/start-handler'
import type { StreamedBody, WireHandler } from './wire'

/** A stream, and how it went. */
const streamOf = (pieces: () => AsyncGenerator<string, void, undefined>) => {
  const seen = { asked: 0, left: false, ends: [] as boolean[] }
  let end = () => {}
  const ended = new Promise<void>(resolve => {
    end = resolve
  })
  async function* watched() {
    try {
      for await (const piece of pieces()) {
        seen.asked++
        yield piece
      }
    } finally {
      seen.left = true
    }
  }
  const body: StreamedBody = {
    chunks: watched(),
    ended: isWhole => {
      seen.ends.push(isWhole)
      end()
    },
  }
  const handle: WireHandler = async () => ({ status: 200, headers: {}, body })
  return { seen, ended, handle }
}

async function* three() {
  yield 'one\n'
  yield 'two\n'
  yield 'three\n'
}
async function* endless() {
  for (;;) yield 'x'.repeat(64 * 1024)
}

describe('a streamed body', () => {
  test('is sent whole, in chunks, as the last of its connection', async () => {
    const { handle, seen, ended } = streamOf(three)
    const { url } = await startHandler(handle)
    const client = await connectRaw(url)
    await client.write(get('/'))
    const text = await client.closed()
    expect(text).toMatch(/Connection: close\r\n/)
    expect(text).toMatch(/Transfer-Encoding: chunked\r\n/)
    expect(text).toMatch(/4\r\none\n\r\n4\r\ntwo\n\r\n6\r\nthree\n\r\n0\r\n\r\n$/)
    await ended
    expect(seen).toEqual({ asked: 3, left: true, ends: [true] })
  })

  test('over TLS too', async () => {
    const tls = makeCertificate()
    tls.discard()
    const { handle, ended, seen } = streamOf(three)
    const { port } = await startHandler(handle, tls)
    const text = await new Promise<string>((resolve, reject) => {
      const request = httpsRequest({ port, rejectUnauthorized: false }, response => {
        let received = ''
        response.setEncoding('utf8').on('data', chunk => {
          received += chunk
        })
        response.on('end', () => resolve(received)).on('error', reject)
      })
      request.on('error', reject).end()
    })
    expect(text).toBe('one\ntwo\nthree\n')
    await ended
    expect(seen.ends).toEqual([true])
  })

  test.each([
    ['1.1', /Transfer-Encoding: chunked/],
    ['1.0', /^(?![\s\S]*Transfer-Encoding)/],
  ])(
    'that cannot be made to its end is not taken for whole by a client of HTTP/%s',
    async (version, head) => {
      let fail = () => {}
      const failed = new Promise<void>(resolve => {
        fail = resolve
      })
      const { handle, seen, ended } = streamOf(async function* () {
        yield 'one\n'
        await failed
        throw new Error('the database is away')
      })
      const { url } = await startHandler(handle)
      const client = await connectRaw(url)
      await client.write(`GET / HTTP/${version}\r\nHost: x\r\n\r\n`)
      expect(await client.received(/one\n/)).toMatch(head)
      fail()
      await expect(client.closed()).rejects.toMatchObject({ code: 'ECONNRESET' })
      await ended
      expect(seen).toEqual({ asked: 1, left: true, ends: [false] })
    },
  )

  test('is made no faster than its client takes it, and no more once the client has gone', async () => {
    const { handle, seen, ended } = streamOf(endless)
    const { url } = await startHandler(handle)
    const client = await connectRaw(url)
    client.socket.pause()
    await client.write(get('/'))
    let before = -1
    while (before !== seen.asked || seen.asked === 0) {
      before = seen.asked
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    expect(seen.asked).toBeLessThan(500)
    client.socket.resetAndDestroy()
    await ended
    expect(seen).toMatchObject({ left: true, ends: [false] })
  })

  test('whose client went while it waited its turn ends too', async () => {
    const { handle, seen, ended } = streamOf(endless)
    let open = () => {}
    const opened = new Promise<void>(resolve => {
      open = resolve
    })
    let enter = () => {}
    const entered = new Promise<void>(resolve => {
      enter = resolve
    })
    const { url } = await startHandler(async request => {
      if (request.target === '/stream') {
        enter()
        return handle(request)
      }
      await opened
      return answer('<first>')
    })
    const client = await connectRaw(url)
    await client.write(get('/first') + get('/stream'))
    await entered
    client.socket.resetAndDestroy()
    await ended
    expect(seen).toMatchObject({ left: true, ends: [false] })
    open()
  })

  test('of HEAD is not sent, and the head claims no length', async () => {
    async function* nothing(): AsyncGenerator<string, void, undefined> {}
    const { handle, ended, seen } = streamOf(nothing)
    const { url } = await startHandler(handle)
    const client = await connectRaw(url)
    await client.write('HEAD / HTTP/1.1\r\nHost: x\r\n\r\n')
    expect(await client.closed()).not.toMatch(/Content-Length/i)
    await ended
    expect(seen.ends).toEqual([true])
  })
})

describe('a server that stops', () => {
  test('lets a stream end within its grace', async () => {
    let go = () => {}
    const gone = new Promise<void>(resolve => {
      go = resolve
    })
    async function* waiting() {
      yield 'one\n'
      await gone
      yield 'two\n'
    }
    const { handle, seen } = streamOf(waiting)
    const server = await startHandler(handle)
    const client = await connectRaw(server.url)
    await client.write(get('/'))
    await client.received(/one\n/)
    const stopped = server.stop(10_000)
    go()
    await stopped
    expect(await client.closed()).toMatch(/two\n\r\n0\r\n\r\n$/)
    expect(seen.ends).toEqual([true])
  })

  test('breaks it off when the grace is over', async () => {
    const { handle, seen, ended } = streamOf(endless)
    const server = await startHandler(handle)
    const client = await connectRaw(server.url)
    client.socket.pause()
    await client.write(get('/'))
    await expect.poll(() => seen.asked).toBeGreaterThan(0)
    await server.stop(20)
    await ended
    expect(seen).toMatchObject({ left: true, ends: [false] })
    client.socket.destroy()
  })

  test('is given up on when its client takes nothing of it', async () => {
    const { seen, ended, handle } = streamOf(endless)
    const { body } = await handle({} as never)
    const server = createServer((_request, response) => void sendStream(response, body as StreamedBody, 100))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
    client.on('error', () => {}).pause()
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await ended
    expect(seen).toMatchObject({ left: true, ends: [false] })
    client.destroy()
    server.close()
  })
})
