import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type Duplex, pipeline } from 'node:stream'
import { CaptureError } from '../domain/screenshots/capture-error'
import { type ConnectionRules, openConnection } from './open-connection'
import { type ProxyTarget, readAbsoluteForm, readAuthorityForm } from './proxy-target'
import { MAX_HEADER_BYTES, relayRequest } from './relay-request'

/** The right to use the proxy, for one capture. */
export interface ProxyPass {
  readonly username: string
  readonly password: string
  /** Name of the header, unknown to any page, that marks an answer as the proxy's own. */
  readonly mark: string
  /** Why the last connection to an authority (`host:port`) did not come about. */
  failureOf(authority: string): CaptureError | undefined
  /** Nothing goes through any more; what is under way is cut off. */
  end(): void
}

/** A forward proxy on loopback (plain requests and CONNECT), which alone decides where a browser gets to. */
export interface ForwardProxy {
  readonly port: number
  issuePass(): ProxyPass
  close(): Promise<void>
}

interface Holder {
  readonly passwordHash: Buffer
  readonly mark: string
  readonly failures: Map<string, CaptureError>
  readonly sockets: Set<Duplex>
  isEnded: boolean
}

/** Sockets of all captures together. */
const MAX_CONNECTIONS = 256
const MAX_FAILURES = 1_000
const SECRET_BYTES = 32

const newSecret = () => randomBytes(SECRET_BYTES).toString('hex')
const hashOf = (secret: string): Buffer => hash('sha256', secret, 'buffer')

const readCredentials = (header: string | undefined) => {
  const encoded = /^basic ([\w+/=-]+)$/i.exec(header ?? '')?.[1] ?? ''
  const [username = '', password = ''] = Buffer.from(encoded, 'base64').toString('latin1').split(':')
  return { username, password }
}

const cutOff = (...ends: readonly Duplex[]) => {
  for (const end of ends) end.destroy()
}

/**
 * Starts the proxy on a free port of 127.0.0.1. Any process of this machine can reach it, none can use it without a pass.
 * @throws Error if it cannot listen
 */
export const startForwardProxy = async (rules: ConnectionRules): Promise<ForwardProxy> => {
  const holders = new Map<string, Holder>()

  const holderOf = ({ headers }: IncomingMessage): Holder | undefined => {
    const { username, password } = readCredentials(headers['proxy-authorization'])
    const holder = holders.get(username)
    return holder && timingSafeEqual(holder.passwordHash, hashOf(password)) ? holder : undefined
  }

  const keep = (holder: Holder, ...sockets: readonly Duplex[]) => {
    for (const socket of sockets) {
      if (holder.sockets.has(socket)) continue
      holder.sockets.add(socket)
      socket.once('close', () => holder.sockets.delete(socket))
    }
  }

  /** @throws CaptureError, which is kept for whoever asks why */
  const connectFor = async (holder: Holder, target: ProxyTarget): Promise<Socket> => {
    const connection = await openConnection(target, rules).catch((error: unknown) => {
      if (error instanceof CaptureError && holder.failures.size < MAX_FAILURES)
        holder.failures.set(target.authority, error)
      throw error
    })
    keep(holder, connection)
    // Its pass may have ended while it was made.
    if (!holder.isEnded) return connection
    connection.destroy()
    throw new CaptureError('page', 'The capture is over')
  }

  const answerRequest = async (incoming: IncomingMessage, answer: ServerResponse) => {
    const refuse = (status: number, headers: Record<string, string>, text: string) => {
      // Of a request whose body was not read nothing more can be read either.
      answer.writeHead(status, { ...headers, 'content-type': 'text/plain', connection: 'close' }).end(text)
    }
    const holder = holderOf(incoming)
    if (!holder) return refuse(407, { 'proxy-authenticate': 'Basic realm="snoop"' }, 'A pass is required')
    const target = readAbsoluteForm(incoming.url ?? '')
    if (!target) return refuse(400, {}, 'Only http:// URLs are forwarded')
    keep(holder, incoming.socket)
    try {
      await relayRequest(incoming, answer, target, await connectFor(holder, target))
    } catch (error) {
      if (answer.headersSent) return cutOff(incoming.socket)
      const status = error instanceof CaptureError && error.fault === 'refused' ? 403 : 502
      refuse(status, { [holder.mark]: '1' }, 'This address cannot be visited')
    }
  }

  const answerConnect = async (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    client.on('error', () => client.destroy())
    const refuse = (status: string, headers = '') => {
      const head = `HTTP/1.1 ${status}\r\n${headers}content-length: 0\r\nconnection: close\r\n\r\n`
      client.end(head, () => client.destroy())
    }
    const holder = holderOf(incoming)
    if (!holder)
      return refuse('407 Proxy Authentication Required', 'proxy-authenticate: Basic realm="snoop"\r\n')
    const target = readAuthorityForm(incoming.url ?? '')
    if (!target) return refuse('400 Bad Request')
    keep(holder, client)
    try {
      const connection = await connectFor(holder, target)
      connection.on('error', () => cutOff(client, connection))
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      if (head.length > 0) connection.write(head)
      pipeline(client, connection, client, () => cutOff(client, connection))
    } catch (error) {
      const isRefused = error instanceof CaptureError && error.fault === 'refused'
      refuse(isRefused ? '403 Forbidden' : '502 Bad Gateway')
    }
  }

  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (incoming, answer) => {
    answer.on('error', () => cutOff(incoming.socket))
    void answerRequest(incoming, answer)
  })
  server.on('connect', (incoming, client, head) => void answerConnect(incoming, client, head))
  const sockets = new Set<Duplex>()
  server.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.maxConnections = MAX_CONNECTIONS
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const end = (username: string) => {
    const holder = holders.get(username)
    holders.delete(username)
    if (!holder) return
    holder.isEnded = true
    cutOff(...holder.sockets)
  }

  return {
    port: (server.address() as AddressInfo).port,
    issuePass: () => {
      const username = newSecret()
      const password = newSecret()
      const holder: Holder = {
        passwordHash: hashOf(password),
        mark: `x-${newSecret()}`,
        failures: new Map(),
        sockets: new Set(),
        isEnded: false,
      }
      holders.set(username, holder)
      return {
        username,
        password,
        mark: holder.mark,
        failureOf: authority => holder.failures.get(authority),
        end: () => end(username),
      }
    },
    close: async () => {
      for (const username of [...holders.keys()]) end(username)
      const closed = once(server, 'close')
      server.close()
      // Node's own list leaves out those that asked for a tunnel.
      cutOff(...sockets)
      await closed
    },
  }
}
