import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** The connections of a server and the requests under way, as far as it takes to stop in good order. */
export class Connections {
  private readonly open = new Set<Socket>()
  /** Those on which no request has come yet: Node takes them for busy ones. */
  private readonly silent = new Set<Duplex>()
  private readonly newest = new WeakMap<Duplex, ServerResponse>()
  private running = 0
  isDraining = false
  private whenIdle = () => {}

  opened(socket: Socket): void {
    this.open.add(socket)
    socket.once('close', () => this.open.delete(socket))
  }

  /** From now on requests can come: with TLS, after the handshake. */
  ready(socket: Duplex): void {
    if (this.isDraining) return void socket.destroy()
    this.silent.add(socket)
    socket.once('close', () => this.silent.delete(socket))
  }

  requestBegun(response: ServerResponse): void {
    const { socket } = response.req
    this.silent.delete(socket)
    this.newest.set(socket, response)
    this.running++
  }

  requestEnded(): void {
    this.running--
    if (this.running === 0) this.whenIdle()
  }

  newestAnswer(socket: Duplex): ServerResponse | undefined {
    return this.newest.get(socket)
  }

  /**
   * Cuts silent connections now and all others after `graceMs`; requests whose client has gone may end until then too.
   * @param closed settles once the server has no connection left
   */
  async drain(closed: Promise<unknown>, graceMs: number): Promise<void> {
    this.isDraining = true
    for (const socket of this.silent) socket.destroy()
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
