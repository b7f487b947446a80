import type { ErrorCode } from './contract'

/** What failed: the server answered with an error, was not reached, took too long, or the caller gave up. */
export type SnoopErrorKind = 'api' | 'connection' | 'timeout' | 'abort'

/** Registered, so that errors of an ESM and a CommonJS copy of the SDK recognise one another. */
const kindKey: unique symbol = Symbol.for('@snoop/sdk.error') as never

const kindOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, kindKey) : undefined

/**
 * The base of everything that a call can reject with, wrong arguments (`TypeError`) excepted. No error of the SDK
 * holds a credential, a header or a body. Tell them apart with `SnoopApiError.is(error)` and its like, or with
 * `error.kind`; `instanceof` fails when a program has loaded two copies of the SDK.
 */
export abstract class SnoopError extends Error {
  readonly kind: SnoopErrorKind

  protected constructor(kind: SnoopErrorKind, name: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
    Object.defineProperty(this, 'name', { value: name, configurable: true })
    Object.defineProperty(this, kindKey, { value: kind })
  }

  static is(value: unknown): value is SnoopError {
    return kindOf(value) !== undefined
  }

  /** Everything but stack and cause. */
  toJSON(): Record<string, unknown> {
    const { name, message } = this
    return { ...(this as object), name, message }
  }
}

/** True for every error of the SDK, whichever copy of it threw. */
export const isSnoopError = (value: unknown): value is SnoopError => SnoopError.is(value)

/** One field that the server refused. */
export interface FieldError {
  /** Dotted where nested, such as `topics.0.name`. */
  readonly field: string
  readonly error: string
  readonly location: 'body' | 'query' | 'params' | 'headers' | (string & {})
}

/** `SnoopApiError.code` of an answer that is not Snoop's: a proxy's HTML page, cut-off JSON, a redirect. */
export const UNEXPECTED_RESPONSE = 'UNEXPECTED_RESPONSE'

/** A code of the catalogue, `UNEXPECTED_RESPONSE`, or one that a newer server has added. */
export type SnoopApiErrorCode = ErrorCode | typeof UNEXPECTED_RESPONSE | (string & {})

export interface ApiErrorFacts {
  readonly status: number
  readonly code: SnoopApiErrorCode
  readonly message: string
  readonly meta?: Readonly<Record<string, unknown>> | undefined
  readonly requestId?: string | undefined
  readonly retryAfter?: number | undefined
  readonly errors?: readonly FieldError[]
}

/** The server answered, and the answer is an error, or not one that Snoop gives. */
export class SnoopApiError extends SnoopError {
  readonly status: number
  readonly code: SnoopApiErrorCode
  /** Facts of this code, such as `missing` scopes; see the reference of error codes. */
  readonly meta: Readonly<Record<string, unknown>> | undefined
  /** `X-Request-Id`: quote it when you report a problem. */
  readonly requestId: string | undefined
  /** Seconds to wait before the next try, where the server said so. */
  readonly retryAfter: number | undefined
  /** The refused fields of a `VALIDATION_ERROR`; empty for other codes. */
  readonly errors: readonly FieldError[]

  constructor(facts: ApiErrorFacts) {
    super('api', 'SnoopApiError', facts.message)
    this.status = facts.status
    this.code = facts.code
    this.meta = facts.meta
    this.requestId = facts.requestId
    this.retryAfter = facts.retryAfter
    this.errors = facts.errors ?? []
  }

  static override is(value: unknown): value is SnoopApiError {
    return kindOf(value) === 'api'
  }
}

/** No answer arrived: name not found, refused, reset, TLS. `cause` has the platform's name, code and words. */
export class SnoopConnectionError extends SnoopError {
  /** False if it is certain that no byte of the request reached a server; true if it may have been carried out. */
  readonly sent: boolean
  /** The platform's code, such as `ECONNREFUSED`. */
  readonly code: string | undefined

  constructor(message: string, facts: { sent: boolean; code: string | undefined; cause?: unknown }) {
    super('connection', 'SnoopConnectionError', message, { cause: facts.cause })
    this.sent = facts.sent
    this.code = facts.code
  }

  static override is(value: unknown): value is SnoopConnectionError {
    return kindOf(value) === 'connection'
  }
}

/** No whole answer in time. A write may have been carried out. */
export class SnoopTimeoutError extends SnoopError {
  /** `attempt`: one attempt exceeded `timeoutMs`, the last one. `total`: the call exceeded `totalTimeoutMs`. */
  readonly scope: 'attempt' | 'total'
  readonly timeoutMs: number

  constructor(scope: 'attempt' | 'total', timeoutMs: number) {
    const what = scope === 'attempt' ? 'The server did not answer' : 'The call and its retries did not end'
    super('timeout', 'SnoopTimeoutError', `${what} within ${timeoutMs} ms`)
    this.scope = scope
    this.timeoutMs = timeoutMs
  }

  static override is(value: unknown): value is SnoopTimeoutError {
    return kindOf(value) === 'timeout'
  }
}

/** The caller's signal ended the call; `cause` is the signal's reason. A write may have been carried out. */
export class SnoopAbortError extends SnoopError {
  constructor(reason: unknown) {
    super('abort', 'SnoopAbortError', 'The call was aborted', { cause: reason })
  }

  static override is(value: unknown): value is SnoopAbortError {
    return kindOf(value) === 'abort'
  }
}
