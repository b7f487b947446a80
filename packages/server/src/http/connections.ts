import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** What is known of one connection. */
interface Connection {
  /** The answer to its latest request. Undefined: none has come yet, and Node takes the connection for a busy one. */
  newest: ServerResponse | undefined
}

/** The connections of a server and the requests under way, as far as it takes to stop in good order. */
export class Connections {
  private readonly open = new Set<Socket>()
  /** Those on which requests can come: with TLS, after the handshake. */
  private readonly readied = new Map<Duplex, Connection>()
  private running = 0
  isDraining = false
  private whenIdle = () => {}

  opened(socket: Socket): void {
    this.open.add(socket)
    socket.once('close', () => this.open.delete(socket))
  }

  /** From now on requests can come. */
  ready(socket: Duplex): void {
    if (this.isDraining) return void socket.destroy()
    this.readied.set(socket, { newest: undefined })
    socket.once('close', () => this.readied.delete(socket))
  }

  requestBegun(response: ServerResponse): void {
    const connection = this.readied.get(response.req.socket)
    if (connection) connection.newest = response
    this.running++
  }

  requestEnded(): void {
    this.running--
    if (this.running === 0) this.whenIdle()
  }

  newestAnswer(socket: Duplex): ServerResponse | undefined {
    return this.readied.get(socket)?.newest
  }

  /**
   * Cuts silent connections now and all others after `graceMs`; requests whose client has gone may end until then too.
   * @param closed settles once the server has no connection left
   */
  async drain(closed: Promise<unknown>, graceMs: number): Promise<void> {
    this.isDraining = true
    for (const [socket, { newest }] of this.readied) if (!newest) socket.destroy()
    const idle = new Promise<void>(resolve => {
      this.whenIdle = resolve
      if (this.running === 0) resolve()
    })
    let timer: NodeJS.Timeout | undefined
    const graceOver = new Promise<void>(resolve => {
      timer = setTimeout(resolve, graceMs)
    })
    await Promise.race([Promise.all([closed, idle]), graceOver])
    clearTimeout(timer)
    for (const socket of this.open) socket.destroy()
    await closed
  }
}
