/** How an attempt failed, as far as the decision needs to know. */
export type AttemptFailure =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterMs: number | undefined }
  /** `sent`: it may have reached the server. `permanent`: the same will happen again (a certificate). */
  | { readonly kind: 'connection'; readonly sent: boolean; readonly permanent: boolean }
  | { readonly kind: 'timeout' }

export interface RetrySituation {
  readonly method: string
  readonly hasIdempotencyKey: boolean
  /** Undefined: the attempt succeeded. */
  readonly failure: AttemptFailure | undefined
  /** How many times the request was sent again already. */
  readonly retriesDone: number
  readonly maxRetries: number
  readonly maxRetryAfterMs: number
  /** What is left of the whole call's time. */
  readonly remainingMs: number
  /** From 0 up to 1. */
  readonly random: number
}

export type RetryDecision = { readonly retry: false } | { readonly retry: true; readonly waitMs: number }

const giveUp: RetryDecision = { retry: false }
const firstBackoffMs = 500
const maxBackoffMs = 8000

/** Any moment up to a ceiling that doubles: clients that failed together do not come back together. */
const backoffMs = (retriesDone: number, random: number): number =>
  Math.floor(random * Math.min(maxBackoffMs, firstBackoffMs * 2 ** retriesDone))

/** RFC 9110, 9.2.2: sent twice, these do what once does. */
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD'])
const idempotentMethods: ReadonlySet<string> = new Set([...safeMethods, 'PUT', 'DELETE'])
/** The server, or a proxy before it, was not able to answer just now. */
const passingStatuses: ReadonlySet<number> = new Set([408, 502, 503, 504])
/** The server will never do this. */
const permanentStatuses: ReadonlySet<number> = new Set([501, 505])

const mayRepeat = ({ method, hasIdempotencyKey }: RetrySituation, failure: AttemptFailure): boolean => {
  const safe = safeMethods.has(method) || hasIdempotencyKey
  const idempotent = idempotentMethods.has(method) || hasIdempotencyKey
  switch (failure.kind) {
    case 'connection':
      return !failure.permanent && (!failure.sent || idempotent)
    case 'timeout':
      return idempotent
    case 'status':
      if (failure.status === 429) return true
      if (passingStatuses.has(failure.status)) return idempotent
      return failure.status >= 500 && !permanentStatuses.has(failure.status) && safe
  }
}

/**
 * Decides whether a failed attempt is repeated and after how long. The table:
 *
 * | failure | GET, HEAD | PUT, DELETE | POST, PATCH |
 * |---|---|---|---|
 * | nothing was sent | yes | yes | yes |
 * | connection lost, timeout | yes | yes | no |
 * | 408, 502, 503, 504 | yes | yes | no |
 * | another 5xx, but for 501 and 505 | yes | no | no |
 * | 429 (refused before any work) | yes | yes | yes |
 * | anything else, a refused certificate | no | no | no |
 *
 * A call with an `Idempotency-Key` is repeated as GET is. A `Retry-After` above `maxRetryAfterMs`, or a wait that the
 * call's time does not allow, ends the call at once instead.
 */
export const decideRetry = (situation: RetrySituation): RetryDecision => {
  const { failure, retriesDone, maxRetries, maxRetryAfterMs, remainingMs, random } = situation
  if (!failure || retriesDone >= maxRetries || !mayRepeat(situation, failure)) return giveUp
  const askedMs = failure.kind === 'status' ? failure.retryAfterMs : undefined
  if (askedMs !== undefined && askedMs > maxRetryAfterMs) return giveUp
  const waitMs = askedMs ?? backoffMs(retriesDone, random)
  return waitMs < remainingMs ? { retry: true, waitMs } : giveUp
}

/**
 * Reads `Retry-After` (RFC 9110, 10.2.3): seconds, or an HTTP date.
 * @returns milliseconds from now, never negative; undefined if it is missing or neither of the two
 */
export const parseRetryAfterMs = (value: string | undefined, nowMs: number): number | undefined => {
  const text = value?.trim() ?? ''
  if (/^\d+$/.test(text)) return Number(text) * 1000
  if (!/^[A-Za-z]{3,9},? .+ GMT$/.test(text)) return undefined
  const dateMs = Date.parse(text)
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs)
}
