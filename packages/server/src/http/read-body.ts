import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { DomainError } from '../domain/domain-error'

const MIB = 1024 * 1024
const MAX_BODY_BYTES = 10 * MIB
/** Longer bodies share `MAX_LONG_BODIES_BYTES`; shorter ones are always read. */
const SHORT_BODY_BYTES = 64 * 1024
const MAX_LONG_BODIES_BYTES = 128 * MIB
const BUSY_RETRY_SECONDS = 2

const brokenOff = (cause?: unknown): DomainError =>
  new DomainError('MALFORMED_JSON', { message: 'The request broke off', cause })

const decode = (chunks: readonly Buffer[]): string => {
  const bytes = Buffer.concat(chunks)
  if (!isUtf8(bytes))
    throw new DomainError('MALFORMED_JSON', { message: 'The request body is not valid UTF-8' })
  return bytes.toString('utf8')
}

/** Reads the bodies of one server's requests. Many slow senders of long ones cannot fill its memory. */
export class BodyReader {
  private longBodiesBytes = 0

  /**
   * Reads up to 10 MiB of UTF-8; what is longer is refused as soon as that is known, and not read on.
   * @throws DomainError BODY_TOO_LARGE, MALFORMED_JSON; SERVICE_UNAVAILABLE if too many long bodies are under way
   */
  async read(message: IncomingMessage): Promise<string> {
    if (Number(message.headers['content-length'] ?? 0) > MAX_BODY_BYTES)
      throw new DomainError('BODY_TOO_LARGE')
    if (message.destroyed) throw brokenOff()
    const chunks: Buffer[] = []
    let size = 0
    try {
      await new Promise<void>((resolve, reject) => {
        const keep = (chunk: Buffer) => {
          const refusal = this.refusalOf(size, chunk.length)
          size += chunk.length
          if (!refusal) return void chunks.push(chunk)
          message.off('data', keep).pause()
          reject(refusal)
        }
        message.on('data', keep)
        message.on('end', resolve)
        message.on('error', cause => reject(brokenOff(cause)))
      })
    } finally {
      this.longBodiesBytes -= longBytes(size)
    }
    return decode(chunks)
  }

  /** Counts a chunk that follows `size` bytes. */
  private refusalOf(size: number, chunkSize: number): DomainError | undefined {
    this.longBodiesBytes += longBytes(size + chunkSize) - longBytes(size)
    if (size + chunkSize > MAX_BODY_BYTES) return new DomainError('BODY_TOO_LARGE')
    if (size + chunkSize <= SHORT_BODY_BYTES || this.longBodiesBytes <= MAX_LONG_BODIES_BYTES)
      return undefined
    return new DomainError('SERVICE_UNAVAILABLE', { detail: { retryAfterSeconds: BUSY_RETRY_SECONDS } })
  }
}

const longBytes = (size: number): number => (size > SHORT_BODY_BYTES ? size : 0)
