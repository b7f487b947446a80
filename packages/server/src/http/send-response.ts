import type { IncomingMessage, ServerResponse } from 'node:http'
import { sendStream } from './send-stream'
import type { WireResponse } from './wire'

/** How long, and for how many bytes, a client may go on sending after an early answer. */
export const LINGER_MS = 2_000
const LINGER_BYTES = 32 * 1024 * 1024
/** What is left of a body of this length, Node reads and throws away; then the next request can come. */
const SHORT_BODY_BYTES = 64 * 1024

/**
 * Sends the answer while the request is still coming in. A connection that is closed with unread bytes is reset, and
 * the answer may be lost (RFC 9112, 9.6): so what comes is thrown away for a while.
 */
const sendEarly = (response: ServerResponse, payload: string | Uint8Array): void => {
  const end = () => response.end()
  const timer = setTimeout(end, LINGER_MS)
  let bytesLeft = LINGER_BYTES
  response.flushHeaders()
  response.write(payload)
  response.once('close', () => clearTimeout(timer))
  response.req
    .on('data', (chunk: Buffer) => {
      bytesLeft -= chunk.length
      if (bytesLeft < 0) end()
    })
    .once('end', end)
    .resume()
}

/** Whether so much of the body is still to come that the connection is worth less than reading it. */
const isEarly = ({ complete, headers }: IncomingMessage): boolean =>
  !complete &&
  (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > SHORT_BODY_BYTES)

/**
 * Writes the answer to the socket. One that comes before the end of a long request, or is made while it is sent, is the
 * last of its connection.
 * @returns of a streamed body, a promise that resolves when nothing more is sent; else undefined
 */
export const sendResponse = (
  response: ServerResponse,
  { status, headers, body = '' }: WireResponse,
): Promise<void> | undefined => {
  const { req } = response
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) {
    headers.Connection = 'close'
    response.writeHead(status, headers)
    // What still comes of the request is thrown away.
    req.resume()
    return sendStream(response, body)
  }
  if (req.destroyed && !req.complete) return undefined
  const early = isEarly(req)
  if (early) headers.Connection = 'close'
  if (status !== 204) headers['Content-Length'] = String(Buffer.byteLength(body))
  response.writeHead(status, headers)
  if (early) sendEarly(response, body)
  else response.end(body)
  return undefined
}
