import { DomainError } from '../domain/domain-error'
import type { HeaderValue } from './wire'

const OUTAGE_RETRY_SECONDS = 2

/** By name, as this room may not know storage. */
const isOutage = (thrown: unknown): boolean => thrown instanceof Error && thrown.name === 'StorageError'

/** Anything that is no refusal of ours is a fault of ours; it becomes the cause. */
export const domainErrorOf = (thrown: unknown): DomainError => {
  if (thrown instanceof DomainError) return thrown
  if (!isOutage(thrown)) return new DomainError('INTERNAL_SERVER_ERROR', { cause: thrown })
  const detail = { retryAfterSeconds: OUTAGE_RETRY_SECONDS }
  return new DomainError('SERVICE_UNAVAILABLE', { cause: thrown, detail })
}

/** What an error says in headers, whatever the dialect. */
export const errorHeaders = ({ detail }: DomainError): Record<string, HeaderValue> => {
  const { retryAfterSeconds, allowedMethods } = detail
  return {
    ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
    ...(allowedMethods && { Allow: allowedMethods.join(', ') }),
  }
}
