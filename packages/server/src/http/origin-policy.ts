import type { IncomingHttpHeaders } from 'node:http'
import { DomainError } from '../domain/domain-error'
import type { HeaderValue } from './wire'

const EXPOSED =
  'RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Error-Code, Retry-After, X-Request-Id, Idempotent-Replayed'
const ALLOWED_HEADERS = 'Content-Type, X-Api-Key, Authorization, Idempotency-Key, X-Request-Id'
const PREFLIGHT_SECONDS = '600'

/** The server's own origin and those that the operator trusts. */
export type TrustedOrigin = (origin: string) => boolean

/** `undefined` where neither header says; `null` and unreadable ones are no origin that could be trusted. */
const statedOrigin = (headers: IncomingHttpHeaders): string | undefined => {
  if (headers.origin !== undefined) return headers.origin
  if (headers.referer === undefined) return undefined
  return URL.canParse(headers.referer) ? new URL(headers.referer).origin : 'null'
}

/**
 * Refuses an unsafe request that a page of a foreign origin sent, or may have sent (cross-site request forgery). A
 * request without `Origin`, `Referer` and `Sec-Fetch-Site` is no browser's and passes.
 * @throws DomainError ORIGIN_NOT_ALLOWED
 */
export const refuseForeignOrigin = (headers: IncomingHttpHeaders, isTrusted: TrustedOrigin): void => {
  const origin = statedOrigin(headers)
  const site = headers['sec-fetch-site']
  const passes =
    origin === undefined ? site === undefined || site === 'same-origin' || site === 'none' : isTrusted(origin)
  if (!passes) throw new DomainError('ORIGIN_NOT_ALLOWED')
}

/** Lets a page of a trusted origin read the answer (CORS with credentials). */
export const corsHeaders = (origin: string): Record<string, HeaderValue> => ({
  'Access-Control-Allow-Origin': origin,
  'Access-Control-Allow-Credentials': 'true',
  'Access-Control-Expose-Headers': EXPOSED,
})

/** What a preflight of a trusted origin is told besides `corsHeaders`. */
export const preflightHeaders = (
  headers: IncomingHttpHeaders,
  methods: readonly string[],
  isTrusted: TrustedOrigin,
): Record<string, HeaderValue> => {
  const { origin } = headers
  if (origin === undefined || headers['access-control-request-method'] === undefined || !isTrusted(origin))
    return {}
  return {
    'Access-Control-Allow-Methods': methods.join(', '),
    'Access-Control-Allow-Headers': ALLOWED_HEADERS,
    'Access-Control-Max-Age': PREFLIGHT_SECONDS,
  }
}
