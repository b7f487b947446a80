import { once } from 'node:events'
import { createServer, request as sendRequest } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Passes requests on, but for the answers to one path: the server has done its work, and nobody hears of it. */
export interface StallingProxy {
  readonly url: string
  /** From now on answers to this path are withheld; undefined lets all through. */
  stall(path: string | undefined): void
  /** Resolves when an answer is withheld. */
  stalled(): Promise<void>
  stop(): Promise<void>
}

export const startStallingProxy = async (target: string): Promise<StallingProxy> => {
  let stalledPath: string | undefined
  let onStalled = (): void => undefined
  const server = createServer((incoming, outgoing) => {
    const { method, url = '/', headers } = incoming
    const onward = sendRequest(new URL(url, target), {
      method,
      headers: { ...headers, host: new URL(target).host },
    })
    onward.on('response', answer => {
      if (url === stalledPath) {
        answer.resume()
        answer.on('end', () => onStalled())
        return
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stall(path) {
      stalledPath = path
    },
    stalled: () =>
      new Promise(resolve => {
        onStalled = resolve
      }),
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
