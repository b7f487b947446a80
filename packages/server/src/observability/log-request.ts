import type { LogFields, Logger } from './logger'

/** One answered request. `route` is the route's pattern: a raw URL may hold a secret. */
export interface RequestLine extends LogFields {
  readonly event: 'request'
  readonly requestId: string
  readonly method: string
  readonly route: string
  readonly status: number
  readonly durationMs: number
  readonly userId?: string | undefined
  readonly credentialId?: string | undefined
  /** How an answer ended that was made while it was sent. */
  readonly stream?: 'sent' | 'client_gone' | 'failed' | undefined
}

/**
 * Writes the access log's line: `debug`, but `warn` from status 500 up and for a stream that failed, so that a busy server at the default level
 * (`info`) spends nothing on what went well.
 */
export const logRequest = (logger: Logger, line: RequestLine): void => {
  if (line.status >= 500 || line.stream === 'failed') logger.warn(line, 'request failed')
  else logger.debug(line, 'request')
}
