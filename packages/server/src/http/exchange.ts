import { randomUUID } from 'node:crypto'
import { ID_PREFIX, IDEMPOTENCY_KEY_HEADER, SESSION_COOKIE } from '@snoop/sdk/contract'
import { DomainError } from '../domain/domain-error'
import type { OpenedSession } from '../domain/sessions/create-session'
import type { ClientConnection } from './client-address'
import { cookieName, readCookie, serializeCookie } from './cookie'
import type { HeaderValue, WireRequest } from './wire'

const VALID_REQUEST_ID = /^[A-Za-z0-9_.-]{8,128}$/
const IDEMPOTENCY_KEY = IDEMPOTENCY_KEY_HEADER.toLowerCase()
/** Visible ASCII; a header that was sent twice has a comma and a space in it. */
const VALID_IDEMPOTENCY_KEY = /^[!-~]{1,255}$/
const HSTS = 'max-age=31536000; includeSubDomains'

const requestIdOf = (header: string | string[] | undefined): string =>
  typeof header === 'string' && VALID_REQUEST_ID.test(header)
    ? header
    : `${ID_PREFIX.requestId}${randomUUID()}`

const unusableIdempotencyKey = (): DomainError => {
  const error = 'Must be sent once, with 1 to 255 visible ASCII characters and no spaces'
  return new DomainError('VALIDATION_ERROR', {
    message: `Validation failed for the header ${IDEMPOTENCY_KEY_HEADER}`,
    detail: { fields: [{ field: IDEMPOTENCY_KEY_HEADER, error, location: 'headers' }] },
  })
}

/** One request under way: what is known of it, and what its answer carries besides the body. */
export class Exchange {
  readonly requestId: string
  readonly path: string
  readonly query: string
  /** By name; a later one of the same name takes the place of an earlier one. */
  private cookies: Map<string, string> | undefined

  constructor(
    readonly request: WireRequest,
    readonly client: ClientConnection,
  ) {
    this.requestId = requestIdOf(request.headers['x-request-id'])
    const at = request.target.indexOf('?')
    this.path = at === -1 ? request.target : request.target.slice(0, at)
    this.query = at === -1 ? '' : request.target.slice(at + 1)
  }

  get isSafe(): boolean {
    return this.request.method === 'GET' || this.request.method === 'HEAD'
  }

  /**
   * What the client sent as `Idempotency-Key`. One that cannot be used is refused where it would be: a client that relies
   * on it must not learn of that from things that are there twice.
   * @throws DomainError VALIDATION_ERROR
   */
  get idempotencyKey(): string | undefined {
    const header = this.request.headers[IDEMPOTENCY_KEY]
    if (header === undefined) return undefined
    if (typeof header === 'string' && VALID_IDEMPOTENCY_KEY.test(header)) return header
    throw unusableIdempotencyKey()
  }

  setSession({ token, session }: OpenedSession, now: number): void {
    const maxAgeSeconds = session.remember ? Math.ceil((session.expires_at - now) / 1000) : undefined
    this.setCookie(SESSION_COOKIE, token, maxAgeSeconds)
  }

  clearSession(): void {
    this.setCookie(SESSION_COOKIE, '', 0)
  }

  /** The value of a cookie of ours. @param name without `__Host-` */
  readCookie(name: string): string | undefined {
    return readCookie(this.request.headers.cookie, cookieName(name, this.client.isSecure))
  }

  /** @param name without `__Host-`; @param maxAgeSeconds undefined: it ends with the browser; 0: it goes now */
  setCookie(name: string, value: string, maxAgeSeconds: number | undefined): void {
    this.cookies ??= new Map()
    this.cookies.set(name, serializeCookie(name, value, this.client.isSecure, maxAgeSeconds))
  }

  /** The headers that every answer has; the caller may add to them. */
  headers(): Record<string, HeaderValue> {
    const headers: Record<string, HeaderValue> = {
      'X-Request-Id': this.requestId,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      // Pages of different origins may get different answers.
      Vary: 'Origin',
    }
    if (this.client.isSecure) headers['Strict-Transport-Security'] = HSTS
    if (this.cookies) headers['Set-Cookie'] = [...this.cookies.values()]
    return headers
  }
}
