import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface LocalServer {
  readonly origin: string
  readonly server: Server
  /** How many connections were ever opened. */
  connections(): number
  stop(): Promise<void>
}

/** A real HTTP server on a free port of the loopback address. */
export const startServer = async (onRequest: RequestListener): Promise<LocalServer> => {
  const server = createServer(onRequest)
  let connections = 0
  server.on('connection', () => connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    server,
    connections: () => connections,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Answers every request with the envelope of a success. */
export const answerOk: RequestListener = (request, response) => {
  const data = { method: request.method, url: request.url, headers: request.headers }
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ success: true, status: 200, code: 'OK', message: 'Done', data }))
}
