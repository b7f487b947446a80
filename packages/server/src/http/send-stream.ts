import type { ServerResponse } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { StreamedBody } from './wire'

/** The next `event` of the answer, or the end of its connection, which an answer that waits its turn is not told of. */
const until = (event: 'drain' | 'finish', response: ServerResponse): Promise<void> =>
  new Promise(resolve => {
    const { socket } = response.req
    const done = () => {
      response.off(event, done)
      socket.off('close', done)
      resolve()
    }
    response.on(event, done)
    socket.on('close', done)
    if (socket.destroyed) done()
  })

/** Longer than any network keeps still that still works; a client that takes nothing would hold the export for ever. */
const STALL_MS = 60_000

/** A reset and no plain end, which for a client of HTTP/1.0 would be the end of a whole body. */
const breakOff = ({ req: { socket } }: ServerResponse): void => {
  // Whoever reads TLS can tell a connection that was cut from one that was closed.
  if (socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}

const sendChunks = async (response: ServerResponse, chunks: AsyncIterable<string>): Promise<void> => {
  const { socket } = response.req
  for await (const chunk of chunks) {
    if (socket.destroyed) return
    if (!response.write(chunk)) await until('drain', response)
    if (socket.destroyed) return
  }
  response.end()
  await until('finish', response)
}

/**
 * Sends a body as it is made, no faster than the client takes it, after the head. A connection on which nothing moves for
 * `stallMs` is broken off. A body that cannot be made to its end
 * breaks its connection, so that none is taken for whole that is not.
 */
export const sendStream = async (
  response: ServerResponse,
  { chunks, ended }: StreamedBody,
  stallMs = STALL_MS,
): Promise<void> => {
  response.req.socket.setTimeout(stallMs, () => breakOff(response))
  await sendChunks(response, chunks).catch(() => breakOff(response))
  ended(response.writableFinished)
}
