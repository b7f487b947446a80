import { type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream'
import type { ProxyTarget } from './proxy-target'

/** RFC 9110, section 7.6.1: of one connection, not of the message. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

export const MAX_HEADER_BYTES = 65_536

const endToEnd = ({ headersDistinct }: IncomingMessage): OutgoingHttpHeaders => {
  const named = (headersDistinct.connection ?? []).flatMap(value => value.toLowerCase().split(/\s*,\s*/))
  const dropped = new Set([...HOP_BY_HOP, ...named])
  return Object.fromEntries(Object.entries(headersDistinct).filter(([name]) => !dropped.has(name)))
}

/**
 * Sends a plain request on over `connection`, which is used for this one alone, and its answer back.
 * @throws Error before anything was answered; later both ends are cut off
 */
export const relayRequest = (
  incoming: IncomingMessage,
  answer: ServerResponse,
  { authority, path }: ProxyTarget,
  connection: Socket,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const outgoing = request({
      createConnection: () => connection,
      method: incoming.method ?? 'GET',
      path,
      headers: { ...endToEnd(incoming), host: authority.replace(/:80$/, ''), connection: 'close' },
      maxHeaderSize: MAX_HEADER_BYTES,
    })
    const fail = (error: Error) => {
      connection.destroy()
      reject(error)
    }
    let isAnswered = false
    outgoing.on('error', fail)
    outgoing.once('close', () => {
      if (!isAnswered) fail(new Error('closed without an answer'))
    })
    answer.once('close', () => connection.destroy())
    outgoing.once('response', response => {
      isAnswered = true
      try {
        answer.writeHead(response.statusCode ?? 502, endToEnd(response))
      } catch (error) {
        // Headers that Node reads, but would not write.
        fail(error instanceof Error ? error : new Error(String(error)))
        return
      }
      pipeline(response, answer, () => {
        connection.destroy()
        resolve()
      })
    })
    pipeline(incoming, outgoing, error => {
      if (error) fail(error)
    })
  })
