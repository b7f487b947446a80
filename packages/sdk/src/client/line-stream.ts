import { SnoopAbortError, SnoopConnectionError, SnoopTimeoutError } from '../errors'
import { describeConnectionFailure, readConnectionFailure } from './connection-failure'
import { withDeadline } from './deadline'
import type { Runtime } from './runtime'

/** A body that is still coming in. */
export interface OpenBody {
  readonly chunks: AsyncIterable<Uint8Array>
  /** Ends the exchange; nothing if it has ended. */
  cancel(reason: unknown): void
}

interface StreamSettings {
  /** Of the server, for messages. */
  readonly origin: string
  /** How long the server may be silent while it is waited for, in milliseconds. */
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/**
 * The lines of a body as they come in, each with its line break. Nothing is read ahead of whoever iterates, beyond what
 * the connection buffers. To stop early, leave the loop or abort the signal.
 * @throws SnoopConnectionError if it breaks off, SnoopTimeoutError if the server falls silent, SnoopAbortError
 */
export class LineStream implements AsyncIterableIterator<string> {
  readonly #body: OpenBody
  readonly #lines: AsyncGenerator<string, void, undefined>
  readonly #signal: AbortSignal | undefined
  readonly #onAbort = () => this.#body.cancel(this.#signal?.reason)

  constructor(runtime: Runtime, body: OpenBody, settings: StreamSettings) {
    this.#body = body
    this.#signal = settings.signal
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true })
    this.#lines = splitLines(readPieces(runtime, body.chunks, settings))
  }

  async next(): Promise<IteratorResult<string, void>> {
    try {
      const result = await this.#lines.next()
      if (result.done) this.#signal?.removeEventListener('abort', this.#onAbort)
      return result
    } catch (error) {
      this.#end(error)
      throw error
    }
  }

  async return(): Promise<IteratorResult<string, void>> {
    this.#end(undefined)
    await this.#lines.return()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #end(reason: unknown): void {
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#body.cancel(reason)
  }
}

async function* readPieces(
  runtime: Runtime,
  chunks: AsyncIterable<Uint8Array>,
  { origin, timeoutMs, signal }: StreamSettings,
): AsyncGenerator<string, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]()
  const decoder = new TextDecoder()
  const deadline = {
    timeoutMs,
    parent: signal,
    onTimeout: () => new SnoopTimeoutError('attempt', timeoutMs),
    onAbort: (reason: unknown) => new SnoopAbortError(reason),
  }
  const nextChunk = () =>
    iterator.next().catch((thrown: unknown) => {
      const failure = readConnectionFailure(thrown)
      const { code, cause } = failure
      throw new SnoopConnectionError(describeConnectionFailure(origin, failure), { sent: true, code, cause })
    })
  for (;;) {
    const { done, value } = await withDeadline(runtime, deadline, nextChunk)
    if (done) return yield decoder.decode()
    yield decoder.decode(value, { stream: true })
  }
}

async function* splitLines(pieces: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let rest = ''
  for await (const piece of pieces) {
    let start = 0
    for (let end = piece.indexOf('\n'); end !== -1; end = piece.indexOf('\n', start)) {
      yield rest + piece.slice(start, end + 1)
      rest = ''
      start = end + 1
    }
    rest += piece.slice(start)
  }
  if (rest !== '') yield rest
}
