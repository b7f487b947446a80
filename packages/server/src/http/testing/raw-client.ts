import { connect, type Socket } from 'node:net'

/** A connection on which a test writes bytes as it likes. */
export interface RawClient {
  readonly socket: Socket
  /** Waits until the kernel took the bytes. */
  write(text: string | Buffer): Promise<void>
  /** All that came so far, once it fits the pattern. @throws Error if the server closes before that */
  received(pattern: RegExp): Promise<string>
  /** All that came, once the server has closed. @throws Error if the connection was reset */
  closed(): Promise<string>
}

/** @param url only host and port count */
export const connectRaw = async (url: string): Promise<RawClient> => {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ''))
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  let text = ''
  let failure: Error | undefined
  socket.on('data', chunk => {
    text += chunk.toString('latin1')
  })
  socket.on('error', error => {
    failure = error
  })
  const until = (isDone: () => boolean) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (isDone()) resolve()
        else if (socket.closed)
          reject(failure ?? new Error(`the server closed after ${JSON.stringify(text)}`))
      }
      socket.on('data', look).on('close', look)
      look()
    })
  return {
    socket,
    write: bytes =>
      new Promise((resolve, reject) => socket.write(bytes, error => (error ? reject(error) : resolve()))),
    received: async pattern => {
      await until(() => pattern.test(text))
      return text
    },
    closed: async () => {
      await until(() => socket.closed)
      if (failure) throw failure
      return text
    },
  }
}
