import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient } from '@snoop/sdk'
import { expect, onTestFinished, test } from 'vitest'
import { createNodeTransport } from './node-transport'

const listen = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const send = async (url: string, signal = new AbortController().signal) => {
  const transport = createNodeTransport()
  onTestFinished(() => transport.close())
  return transport.send({ method: 'POST', url: new URL(url), headers: { a: 'b' }, body: '{"x":"ü"}', signal })
}

test('a request arrives whole, and so does its answer', async () => {
  const origin = await listen(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    response.setHeader('Set-Cookie', ['a=1', 'b=2'])
    response.setHeader('X-Many', ['1', '2'])
    response.writeHead(201).end(`${request.method} ${request.url} ${request.headers.a} ${body}`)
  })
  const response = await send(`${origin}/path?q=1`)
  expect(response.status).toBe(201)
  expect(response.setCookie).toEqual(['a=1', 'b=2'])
  expect(response.headers['x-many']).toBe('1, 2')
  expect(response.headers['set-cookie']).toBeUndefined()
  expect(await response.text()).toBe('POST /path?q=1 b {"x":"ü"}')
})

test('a large answer arrives whole', async () => {
  const text = 'ä'.repeat(2_000_000)
  const origin = await listen((_, response) => response.end(text))
  expect(await (await send(origin)).text()).toBe(text)
})

test('a refused connection was never sent, a broken one may have been', async () => {
  const transport = createNodeTransport()
  const refused = await send('http://127.0.0.1:1/').catch(error => error)
  expect(transport.requestNeverSent(refused)).toBe(true)
  const origin = await listen(request => request.socket.destroy())
  const broken = await send(origin).catch(error => error)
  expect(transport.requestNeverSent(broken)).toBe(false)
  const both = new AggregateError([refused, refused])
  expect(transport.requestNeverSent(both)).toBe(true)
  expect(transport.requestNeverSent(new AggregateError([refused, broken]))).toBe(false)
})

test('an abort ends the wait for an answer, and for the rest of one', async () => {
  const origin = await listen((request, response) => {
    if (request.url === '/half') response.write('half')
  })
  const stop = new AbortController()
  const waiting = send(`${origin}/none`, stop.signal)
  const half = await send(`${origin}/half`, stop.signal)
  const rest = half.text()
  stop.abort()
  await expect(waiting).rejects.toThrow()
  await expect(rest).rejects.toThrow()
})

test('the client works over it', async () => {
  const origin = await listen((_, response) =>
    response.end(
      JSON.stringify({ success: true, status: 200, code: 'OK', message: 'Alive', data: { status: 'alive' } }),
    ),
  )
  const client = createClient({ baseUrl: origin, transport: createNodeTransport() })
  onTestFinished(() => client.close())
  expect(await client.service.health()).toEqual({ status: 'alive' })
})
