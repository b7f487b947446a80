import type { IncomingHttpHeaders } from 'node:http'

/** A request as it came off the socket. */
export interface WireRequest {
  readonly method: string
  /** Path and query, undecoded. */
  readonly target: string
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders
  /** Address of the other end of the socket. */
  readonly remoteAddress: string
  /** The socket itself is TLS. */
  readonly isEncrypted: boolean
  /**
   * Reads the body to its end.
   * @throws DomainError BODY_TOO_LARGE, without reading on; MALFORMED_JSON if it breaks off or is no UTF-8
   */
  readBody(): Promise<string>
}

/** Several values: a header for each. */
export type HeaderValue = string | string[]

/** A body that is made while it is sent. */
export interface StreamedBody {
  /** Asked for the next piece once the one before is on its way; ended early when the client goes away. */
  readonly chunks: AsyncIterable<string>
  /** Called once, when nothing more is sent. @param isWhole all of it was */
  ended(isWhole: boolean): void
}

/** An answer as it goes onto the socket. */
export interface WireResponse {
  readonly status: number
  /** The socket's side adds its own. */
  readonly headers: Record<string, HeaderValue>
  readonly body: string | Uint8Array | StreamedBody | undefined
}

/** Answers a request. Never rejects. */
export type WireHandler = (request: WireRequest) => Promise<WireResponse>
