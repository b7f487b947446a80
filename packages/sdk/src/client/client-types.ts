import type { Contract, PageMeta } from '../contract'
import type { CookieJar } from './cookie-jar'
import type { Transport } from './transport'

/** When and how often a call is sent again. The README has the table of what is and what is not. */
export interface RetryOptions {
  /** How many times at most after the first; 0 turns retries off. Default 2. */
  readonly attempts?: number
  /** A longer `Retry-After` is not waited for: the error carries it instead. Milliseconds, default 60,000. */
  readonly maxRetryAfterMs?: number
}

/** At most one of `apiKey`, `cookieJar` and `accessToken` may be given: credentials are never merged. */
export interface ClientOptions {
  /** Origin of the server, such as `https://auth.example.com`. */
  readonly baseUrl: string
  /** A key: `ba_…` for the native API, `snpy_…`, `snt_…` or `sna_…` for a surface. Sent as each of them wants it. */
  readonly apiKey?: string
  /** Holds the session cookie after `auth.signInEmail` and sends it back. See `createCookieJar`. */
  readonly cookieJar?: CookieJar
  /** An OAuth access token, sent as `Authorization: Bearer`. */
  readonly accessToken?: string
  /** Time for one attempt, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number
  /** Time for the whole call with its retries, in milliseconds. Default 60,000. */
  readonly totalTimeoutMs?: number
  readonly retry?: RetryOptions
  /** Use this `fetch` (a browser's, a test's) instead of undici. */
  readonly fetch?: typeof globalThis.fetch
  /** Use this transport instead of undici or `fetch`. */
  readonly transport?: Transport
  /** Put before the SDK's own name in `User-Agent`. */
  readonly userAgent?: string
}

/** Options of one call. */
export interface CallOptions {
  /** Ends the call, waiting included; the promise rejects with `SnoopAbortError`. */
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
  readonly totalTimeoutMs?: number
  readonly retry?: RetryOptions
  /** Makes a write safe to send again. Calls that create something get one by themselves. */
  readonly idempotencyKey?: string
}

/** What the wire said beside the data. */
export interface ResponseInfo {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** `X-Request-Id`: quote it when you report a problem. */
  readonly requestId: string | undefined
  /** The envelope's `message`. */
  readonly message: string | undefined
}

/** `await` it for the data; `.withResponse()` for the data and what the wire said. The request starts at once. */
export interface ApiPromise<Data> extends Promise<Data> {
  withResponse(): Promise<{ data: Data; response: ResponseInfo }>
}

/** One page of a list. */
export interface Page<Item> {
  readonly data: Item[]
  readonly meta: PageMeta
}

/**
 * `await` it for one page; `for await` over it for every item, fetching further pages as they are needed.
 * Nothing is sent until one of the two happens.
 */
export interface ListPromise<Item> extends PromiseLike<Page<Item>>, AsyncIterable<Item> {
  withResponse(): Promise<{ data: Page<Item>; response: ResponseInfo }>
  /** Page by page. */
  pages(): AsyncIterable<Page<Item>>
}

// What callers pass and get, read off the schemas directly: to compare each endpoint with `Endpoint` and `z.ZodType`
// first, as `EndpointInput` and `EndpointData` do, costs every program that uses the client most of a second in tsc.
type InputOf<E, Place extends 'params' | 'query' | 'body'> = E extends {
  readonly [P in Place]: { readonly _zod: { readonly input: infer Input } }
}
  ? Input
  : unknown
/** The fields that a schema names, without the index signature of an open one. */
type Named<T> = { [K in keyof T as string extends K ? never : K]: T[K] }
type QueryInput<E> = E extends { readonly openQuery: infer Name extends string }
  ? Named<InputOf<E, 'query'>> & {
      readonly [K in Name]?: Readonly<Record<string, string | number | boolean>>
    }
  : InputOf<E, 'query'>
type BodyInput<E> = E extends { readonly openBody: infer Name extends string }
  ? { readonly [K in Name]: Readonly<Record<string, unknown>> }
  : InputOf<E, 'body'>
type MethodInput<E> = InputOf<E, 'params'> & QueryInput<E> & BodyInput<E>
type MethodData<E> = E extends { readonly response: { readonly _zod: { readonly output: infer Data } } }
  ? Data
  : never

/**
 * What a stream is answered with: its lines, each with its line break, as they come in. `timeoutMs` is then how long the
 * server may be silent, and `totalTimeoutMs` ends with the first line. Iterate it, once; to stop early leave the loop or
 * abort the `signal`. A stream that breaks off throws a `SnoopConnectionError`.
 */
export type Lines = AsyncIterable<string>

/** A file that was downloaded. */
export interface FileData {
  /** Such as `image/png`. */
  readonly contentType: string
  readonly bytes: Uint8Array
}

type SingleData<E> = E extends { readonly stream: true }
  ? Lines
  : E extends { readonly file: readonly string[] }
    ? FileData
    : MethodData<E>

type Result<E> = E extends { readonly paged: true }
  ? MethodData<E> extends readonly (infer Item)[]
    ? ListPromise<Item>
    : never
  : ApiPromise<SingleData<E>>

type Method<E> =
  unknown extends MethodInput<E>
    ? (input?: Record<never, never>, options?: CallOptions) => Result<E>
    : Record<never, never> extends MethodInput<E>
      ? (input?: MethodInput<E>, options?: CallOptions) => Result<E>
      : (input: MethodInput<E>, options?: CallOptions) => Result<E>

/** `client.projects.list(…)`, `client.apiKeys.create(…)`, …: one method for each endpoint of the contract. */
export type SnoopClient = {
  readonly [Tag in keyof Contract]: {
    readonly [Name in keyof Contract[Tag]]: Method<Contract[Tag][Name]>
  }
} & {
  /**
   * Any path of the server, for what has no method yet.
   * @returns status, headers and the parsed JSON body as it came, envelope included, for error statuses too
   */
  request(method: string, path: string, options?: RawRequestOptions): Promise<RawResponse>
  /** Closes kept connections, so that the process can end. */
  close(): Promise<void>
}

export interface RawRequestOptions extends CallOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: unknown
}

export interface RawResponse extends ResponseInfo {
  /** The parsed JSON, the text where it is not JSON, or the bytes (`Uint8Array`) of a file of a surface. */
  readonly body: unknown
}
