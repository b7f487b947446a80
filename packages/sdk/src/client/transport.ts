/** One HTTP exchange as the client asks for it. No redirect is followed. */
export interface TransportRequest {
  readonly method: string
  readonly url: URL
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly signal: AbortSignal
}

export interface TransportResponse {
  readonly status: number
  /** Names in lower case; repeated headers joined by `, `, but for `setCookie`. */
  readonly headers: Readonly<Record<string, string>>
  readonly setCookie: readonly string[]
  /** Reads the body to its end. */
  text(): Promise<string>
  /** Instead of `text`: the body as it comes in, read no faster than it is asked for. The request's signal ends it too. */
  chunks(): AsyncIterable<Uint8Array>
}

/**
 * Sends one request. It rejects with whatever its platform throws; the client turns that into
 * `SnoopConnectionError`, and `requestNeverSent(error)` decides whether a write may be sent again.
 */
export interface Transport {
  send(request: TransportRequest): Promise<TransportResponse>
  /** True if it is certain that no byte of the request reached a server (name not found, connection refused). */
  requestNeverSent(error: unknown): boolean
  close(): Promise<void>
}
