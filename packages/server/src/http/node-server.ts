import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { DomainError } from '../domain/domain-error'
import type { WireHandler, WireRequest, WireResponse } from './wire'

const MAX_BODY_BYTES = 10 * 1024 * 1024
const LIMITS = {
  /** Longer than the usual idle time of load balancers, so that they close first. */
  keepAliveTimeout: 75_000,
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  maxHeaderSize: 16 * 1024,
}

export interface NodeServerOptions {
  readonly host: string
  readonly port: number
  /** PEM texts; without them the server speaks plain HTTP. */
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | undefined
  readonly handle: WireHandler
}

export interface NodeServer {
  readonly port: number
  /** Takes no new connections, lets running requests end for `graceMs`, then cuts what is left. */
  stop(graceMs: number): Promise<void>
}

/** Reads up to 10 MiB of UTF-8; what is longer is refused as soon as that is known, and not read on. */
const readBody = (message: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    const tooLarge = () => {
      message.pause()
      reject(new DomainError('BODY_TOO_LARGE'))
    }
    if (Number(message.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return tooLarge()
    const chunks: Buffer[] = []
    let size = 0
    message.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > MAX_BODY_BYTES) tooLarge()
      else chunks.push(chunk)
    })
    message.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    message.on('error', cause =>
      reject(new DomainError('MALFORMED_JSON', { message: 'The request broke off', cause })),
    )
  })

const toWireRequest = (message: IncomingMessage): WireRequest => ({
  method: message.method ?? 'GET',
  target: message.url ?? '/',
  headers: message.headers,
  remoteAddress: message.socket.remoteAddress ?? '',
  isEncrypted: message.socket instanceof TLSSocket,
  readBody: () => readBody(message),
})

const writeResponse = (
  response: ServerResponse,
  message: IncomingMessage,
  { status, headers, body }: WireResponse,
): void => {
  if (status !== 204) headers['Content-Length'] = String(body === undefined ? 0 : Buffer.byteLength(body))
  response.writeHead(status, headers)
  response.end(message.method === 'HEAD' ? undefined : body)
  // Node reads an unread body to its end and throws it away; with this the rest is not even received.
  if (headers.Connection === 'close') response.once('finish', () => message.socket.destroySoon())
}

/** What is no HTTP gets a short answer and a closed connection. */
const answerBadRequest = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  const status = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }[error.code ?? ''] ?? 400
  const body = JSON.stringify({
    success: false,
    status,
    code: 'VALIDATION_ERROR',
    message: 'This is not a valid HTTP request',
  })
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
  )
}

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })

/**
 * Listens and turns sockets into wire requests.
 * @throws Error with a `code` such as EADDRINUSE if it cannot listen
 */
export const startNodeServer = async ({
  host,
  port,
  tls,
  handle,
}: NodeServerOptions): Promise<NodeServer> => {
  let isStopping = false
  const listener: RequestListener = async (message, response) => {
    const answer = await handle(toWireRequest(message))
    if (isStopping) answer.headers.Connection = 'close'
    writeResponse(response, message, answer)
  }
  const server = tls ? createHttpsServer({ ...LIMITS, ...tls }, listener) : createHttpServer(LIMITS, listener)
  server.on('clientError', answerBadRequest)
  await listen(server, host, port)
  return {
    port: (server.address() as AddressInfo).port,
    stop: graceMs =>
      new Promise(resolve => {
        isStopping = true
        const cut = setTimeout(() => server.closeAllConnections(), graceMs)
        server.close(() => {
          clearTimeout(cut)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}
