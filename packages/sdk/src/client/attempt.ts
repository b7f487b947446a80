import { SnoopConnectionError, type SnoopError, SnoopTimeoutError } from '../errors'
import type { BuiltRequest } from './build-request'
import { describeConnectionFailure, readConnectionFailure } from './connection-failure'
import { type Credential, credentialHeaders, keepCookies } from './credential'
import { withDeadline } from './deadline'
import { type AttemptFailure, parseRetryAfterMs } from './retry-policy'
import type { Runtime } from './runtime'
import type { Transport, TransportRequest } from './transport'

/** A whole answer, its body read to the end. */
export interface WireResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A request with everything that does not change between its attempts. */
export interface OutgoingRequest extends BuiltRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly hasIdempotencyKey: boolean
}

export interface SendContext {
  readonly transport: Transport
  readonly credential: Credential
  readonly runtime: Runtime
}

/** How an attempt ended; `failure` tells the retry policy what went wrong. */
export type Outcome =
  | { readonly wire: WireResponse; readonly failure: AttemptFailure | undefined }
  | { readonly error: SnoopError; readonly failure: AttemptFailure }

type Exchange = Outcome & { readonly setCookie?: readonly string[] }

const answerOutcome = (wire: WireResponse, nowMs: number): Outcome => {
  if (wire.status < 400) return { wire, failure: undefined }
  const retryAfterMs = parseRetryAfterMs(wire.headers['retry-after'], nowMs)
  return { wire, failure: { kind: 'status', status: wire.status, retryAfterMs } }
}

const connectionOutcome = (transport: Transport, origin: string, thrown: unknown): Outcome => {
  const facts = readConnectionFailure(thrown)
  const sent = !facts.certificateRefused && !transport.requestNeverSent(thrown)
  const { code, cause } = facts
  return {
    error: new SnoopConnectionError(describeConnectionFailure(origin, facts), { sent, code, cause }),
    failure: { kind: 'connection', sent, permanent: facts.certificateRefused },
  }
}

const exchange = async (
  { transport, runtime }: SendContext,
  request: Omit<TransportRequest, 'signal'>,
  timeoutMs: number,
  callSignal: AbortSignal,
): Promise<Exchange> => {
  const onTimeout = () => new SnoopTimeoutError('attempt', timeoutMs)
  try {
    return await withDeadline(runtime, { timeoutMs, parent: callSignal, onTimeout }, async signal => {
      const response = await transport.send({ ...request, signal })
      const { status, headers, setCookie } = response
      return { ...answerOutcome({ status, headers, body: await response.text() }, runtime.now()), setCookie }
    })
  } catch (thrown) {
    if (callSignal.aborted) throw callSignal.reason
    if (SnoopTimeoutError.is(thrown)) return { error: thrown, failure: { kind: 'timeout' } }
    return connectionOutcome(transport, request.url.origin, thrown)
  }
}

/**
 * Sends a request once, with the credential, and keeps the cookies that come back.
 * @throws the reason of `callSignal`, and what the cookie jar throws
 */
export const attempt = async (
  context: SendContext,
  { method, url, body, headers }: OutgoingRequest,
  timeoutMs: number,
  callSignal: AbortSignal,
): Promise<Outcome> => {
  const allHeaders = { ...headers, ...(await credentialHeaders(context.credential, url)) }
  const request = { method, url, body, headers: allHeaders }
  const { setCookie = [], ...outcome } = await exchange(context, request, timeoutMs, callSignal)
  await keepCookies(context.credential, url, setCookie)
  return outcome
}
