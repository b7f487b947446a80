import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { DomainError } from '../domain/domain-error'

const MAX_BODY_BYTES = 10 * 1024 * 1024

const brokenOff = (cause?: unknown): DomainError =>
  new DomainError('MALFORMED_JSON', { message: 'The request broke off', cause })

const decode = (chunks: readonly Buffer[]): string => {
  const bytes = Buffer.concat(chunks)
  if (!isUtf8(bytes))
    throw new DomainError('MALFORMED_JSON', { message: 'The request body is not valid UTF-8' })
  return bytes.toString('utf8')
}

/**
 * Reads up to 10 MiB of UTF-8; what is longer is refused as soon as that is known, and not read on.
 * @throws DomainError BODY_TOO_LARGE, MALFORMED_JSON
 */
export const readBody = async (message: IncomingMessage): Promise<string> => {
  if (Number(message.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw new DomainError('BODY_TOO_LARGE')
  if (message.destroyed) throw brokenOff()
  const chunks: Buffer[] = []
  await new Promise<void>((resolve, reject) => {
    let size = 0
    const keep = (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BODY_BYTES) return void chunks.push(chunk)
      message.off('data', keep).pause()
      reject(new DomainError('BODY_TOO_LARGE'))
    }
    message.on('data', keep)
    message.on('end', resolve)
    message.on('error', cause => reject(brokenOff(cause)))
  })
  return decode(chunks)
}
