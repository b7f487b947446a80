import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server of another party, on a free port of this machine. */
export interface LoopbackServer {
  readonly url: string
  /** `METHOD /path` of every request so far, without queries. */
  readonly requests: string[]
  /** Answers in place of what would; true: it did. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean
  stop(): Promise<void>
}

/** @param answer is asked for at each request, so that it may depend on the port */
export const listenOnLoopback = async (answer: () => RequestListener): Promise<LoopbackServer> => {
  const server = createServer((request, response) => {
    loopback.requests.push(`${request.method} ${request.url?.split('?', 1)[0]}`)
    if (!loopback.intercept(request, response)) answer()(request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const loopback: LoopbackServer = {
    url: `http://127.0.0.1:${port}`,
    requests: [],
    intercept: () => false,
    stop: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  return loopback
}

/** Answers with JSON. */
export const sendJson = (response: ServerResponse, value: unknown, status = 200): true => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  return true
}
