import type { ServerResponse } from 'node:http'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { Connections } from './connections'

const turn = () => new Promise(resolve => setImmediate(resolve))

test('draining waits for requests whose clients have gone: their work may be half done', async () => {
  const connections = new Connections()
  const response = { req: { socket: new PassThrough() } } as unknown as ServerResponse
  connections.requestBegun(response)
  connections.requestBegun(response)
  let isDrained = false
  const drained = connections.drain(Promise.resolve(), 60_000).then(() => {
    isDrained = true
  })
  connections.requestEnded()
  await turn()
  expect(isDrained).toBe(false)
  connections.requestEnded()
  await drained
})

test('draining waits for connections that requests left open', async () => {
  const connections = new Connections()
  let close = () => {}
  const closed = new Promise<void>(resolve => {
    close = resolve
  })
  let isDrained = false
  const drained = connections.drain(closed, 60_000).then(() => {
    isDrained = true
  })
  await turn()
  expect(isDrained).toBe(false)
  close()
  await drained
})
