import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { LINGER_MS } from './send-response'

const STATUS_OF: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

const refusal = (status: number): string => {
  const message = 'This is not a valid HTTP request'
  const body = JSON.stringify({ success: false, status, code: 'VALIDATION_ERROR', message })
  const headers = [
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ]
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers.join('\r\n')}\r\n\r\n${body}`
}

/** The refusal would overtake this answer, or stand in the middle of it. */
const isUnderWay = (response: ServerResponse | undefined): boolean =>
  response !== undefined && !response.writableFinished && (response.req.complete || response.headersSent)

/**
 * What is no HTTP gets a short answer and a closed connection.
 * @param newest the newest answer of this connection
 */
export const refuseBadHttp = (
  error: NodeJS.ErrnoException,
  socket: Duplex,
  newest: ServerResponse | undefined,
): void => {
  // More of what was refused already: it is thrown away, so that the refusal is not lost with the connection.
  if (socket.writableEnded) return
  if (!socket.writable || error.code === 'ECONNRESET' || isUnderWay(newest)) return void socket.destroy()
  socket.end(refusal(STATUS_OF[error.code ?? ''] ?? 400))
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
}
