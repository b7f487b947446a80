import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { TLSSocket } from 'node:tls'
import { Connections } from './connections'
import { BodyReader } from './read-body'
import { refuseBadHttp } from './refuse-bad-http'
import { sendResponse } from './send-response'
import type { WireHandler, WireRequest } from './wire'

const LIMITS = {
  /** Longer than the usual idle time of load balancers, so that they close first. */
  keepAliveTimeout: 75_000,
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  maxHeaderSize: 16 * 1024,
  /** Of TLS. */
  handshakeTimeout: 15_000,
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

/** Without a closure for each request: few read a body. */
class NodeRequest implements WireRequest {
  readonly method: string
  readonly target: string
  readonly headers: IncomingMessage['headers']
  readonly remoteAddress: string
  readonly isEncrypted: boolean

  constructor(
    private readonly message: IncomingMessage,
    private readonly bodies: BodyReader,
  ) {
    const { socket } = message
    this.method = message.method ?? 'GET'
    this.target = message.url ?? '/'
    this.headers = message.headers
    this.remoteAddress = socket.remoteAddress ?? ''
    this.isEncrypted = socket instanceof TLSSocket
  }

  readBody(): Promise<string> {
    return this.bodies.read(this.message)
  }
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
  const connections = new Connections()
  const bodies = new BodyReader()
  const listener: RequestListener = async (message, response) => {
    connections.requestBegun(response)
    try {
      const answer = await handle(new NodeRequest(message, bodies))
      if (connections.isDraining) answer.headers.Connection = 'close'
      const sending = sendResponse(response, answer)
      if (sending) await sending
    } catch {
      // Not even the walk could hold this fault: its client loses the connection, the others keep theirs.
      message.socket.destroy()
    } finally {
      connections.requestEnded()
    }
  }
  const server = tls ? createHttpsServer({ ...LIMITS, ...tls }, listener) : createHttpServer(LIMITS, listener)
  server.on('connection', socket => connections.opened(socket))
  server.on(tls ? 'secureConnection' : 'connection', socket => connections.ready(socket))
  server.on('checkExpectation', listener)
  server.on('clientError', (error, socket) => refuseBadHttp(error, socket, connections.newestAnswer(socket)))
  await listen(server, host, port)
  return {
    port: (server.address() as AddressInfo).port,
    stop: async graceMs => {
      const closed = new Promise(resolve => server.close(resolve))
      await connections.drain(closed, graceMs)
    },
  }
}
