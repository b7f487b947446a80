import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** A web server on 127.0.0.1, which stands for the Internet, and one on 127.0.0.2 that nobody may reach. */
export interface Sites {
  /** Of both. */
  readonly port: number
  /** Paths that were asked of the public one. */
  readonly visits: string[]
  /** Connections and datagrams that reached the private one. */
  readonly intrusions: string[]
  /** Serves an HTML page, or whatever the handler answers, at a path of the public one. */
  serve(path: string, page: string | Handler): void
  close(): void
}

const HIDDEN = '127.0.0.2'

/** @throws Error if the port of the public server is taken at the private address */
export const startSites = async (): Promise<Sites> => {
  const pages = new Map<string, string | Handler>()
  const visits: string[] = []
  const intrusions: string[] = []
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    socket.on('error', () => {})
    sockets.add(socket)
  }

  const web = createServer((request, response) => {
    visits.push(request.url ?? '')
    const page = pages.get(new URL(request.url ?? '', 'http://x').pathname)
    if (typeof page === 'function') return page(request, response)
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html' }).end(page)
  })
  web.on('connection', keep)
  web.listen(0, '127.0.0.1')
  await once(web, 'listening')
  const { port } = web.address() as AddressInfo

  const hidden = createTcpServer(socket => {
    keep(socket)
    intrusions.push('connection')
    socket.once('data', data => {
      intrusions.push(String(data).split('\r\n')[0] ?? '')
      socket.end(
        'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<body bgcolor=red>secret',
      )
    })
  })
  hidden.listen(port, HIDDEN)
  await once(hidden, 'listening')

  const datagrams = [HIDDEN, '127.0.0.1'].map(address =>
    createSocket('udp4')
      .on('message', () => intrusions.push('datagram'))
      .bind(port, address),
  )
  await Promise.all(datagrams.map(socket => once(socket, 'listening')))

  return {
    port,
    visits,
    intrusions,
    serve: (path, page) => void pages.set(path, page),
    close: () => {
      for (const socket of sockets) socket.destroy()
      for (const server of [web, hidden]) server.close()
      for (const socket of datagrams) socket.close()
    },
  }
}
