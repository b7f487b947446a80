import { onTestFinished } from 'vitest'
import { type NodeServer, startNodeServer } from '../node-server'
import type { WireHandler } from '../wire'

/** A server on a free port that answers by `handle`; it ends with the test. */
export const startHandler = async (
  handle: WireHandler,
  tls?: { cert: Buffer; key: Buffer },
): Promise<NodeServer & { readonly url: string }> => {
  const server = await startNodeServer({ host: '127.0.0.1', port: 0, tls, handle })
  onTestFinished(() => server.stop(0))
  return { ...server, url: `http://127.0.0.1:${server.port}` }
}

export const answer = (body: string | undefined, status = 200) => ({ status, headers: {}, body })

/** Answers with method, target and body of the request. */
export const echo: WireHandler = async request => {
  const body = request.method === 'POST' ? await request.readBody() : ''
  return answer(`<${request.method} ${request.target} ${body}>`)
}

/** Answers with the length of the body, or the code by which it was refused, as the walk does. */
export const readOrRefuse: WireHandler = async request => {
  try {
    return answer(`<${(await request.readBody()).length}>`)
  } catch (error) {
    return answer(`<${(error as { code: string }).code}>`, 400)
  }
}

/** A handler that answers only once `open` is called; `entered` resolves when it has begun. */
export const gate = () => {
  let open = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  let enter = () => {}
  const entered = new Promise<void>(resolve => {
    enter = resolve
  })
  const handle: WireHandler = async request => {
    enter()
    await opened
    return answer(`<${request.target}>`)
  }
  return { handle, open, entered }
}

/** The bytes of a GET. */
export const get = (path: string, ...headers: string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: x', ...headers, '', ''].join('\r\n')
