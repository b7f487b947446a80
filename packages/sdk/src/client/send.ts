import { SnoopAbortError, SnoopConnectionError, type SnoopError, SnoopTimeoutError } from '../errors'
import type { BuiltRequest } from './build-request'
import { describeConnectionFailure, readConnectionFailure } from './connection-failure'
import { type Credential, credentialHeaders } from './credential'
import { withDeadline } from './deadline'
import type { CallSettings } from './read-options'
import { type AttemptFailure, decideRetry, parseRetryAfterMs } from './retry-policy'
import type { Runtime } from './runtime'
import type { Transport } from './transport'

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

/** An attempt ends in an answer or in an error; either may have a reason to try again. */
type Outcome = {
  readonly result: { readonly response: WireResponse } | { readonly error: SnoopError }
  readonly failure: AttemptFailure | undefined
}

const exchange = async (
  { transport, credential }: SendContext,
  { method, url, headers, body }: OutgoingRequest,
  signal: AbortSignal,
): Promise<WireResponse> => {
  const allHeaders = { ...headers, ...(await credentialHeaders(credential, url)) }
  const response = await transport.send({ method, url, headers: allHeaders, body, signal })
  if (credential.kind === 'cookies') {
    for (const cookie of response.setCookie) await credential.jar.setCookie(cookie, url.href)
  }
  return { status: response.status, headers: response.headers, body: await response.text() }
}

const connectionOutcome = (transport: Transport, origin: string, thrown: unknown): Outcome => {
  const facts = readConnectionFailure(thrown)
  const sent = !facts.certificateRefused && !transport.requestNeverSent(thrown)
  const { code, cause } = facts
  return {
    result: {
      error: new SnoopConnectionError(describeConnectionFailure(origin, facts), { sent, code, cause }),
    },
    failure: { kind: 'connection', sent, permanent: facts.certificateRefused },
  }
}

const attempt = async (
  context: SendContext,
  request: OutgoingRequest,
  timeoutMs: number,
  callSignal: AbortSignal,
): Promise<Outcome> => {
  const timeout = new SnoopTimeoutError('attempt', timeoutMs)
  try {
    const response = await withDeadline(
      context.runtime,
      { timeoutMs, parent: callSignal, onTimeout: () => timeout },
      signal => exchange(context, request, signal),
    )
    const { status, headers } = response
    const retryAfterMs = parseRetryAfterMs(headers['retry-after'], context.runtime.now())
    return {
      result: { response },
      failure: status < 400 ? undefined : { kind: 'status', status, retryAfterMs },
    }
  } catch (thrown) {
    if (callSignal.aborted) throw callSignal.reason
    if (thrown === timeout) return { result: { error: timeout }, failure: { kind: 'timeout' } }
    return connectionOutcome(context.transport, request.url.origin, thrown)
  }
}

/**
 * Sends a request, again where `decideRetry` allows it, and returns the last answer, whatever its status.
 * @throws SnoopConnectionError, SnoopTimeoutError, SnoopAbortError
 */
export const send = (
  context: SendContext,
  request: OutgoingRequest,
  settings: CallSettings,
  callerSignal?: AbortSignal,
): Promise<WireResponse> => {
  const { runtime } = context
  const { timeoutMs, totalTimeoutMs, maxRetries, maxRetryAfterMs } = settings
  const endMs = runtime.now() + totalTimeoutMs
  const deadline = {
    timeoutMs: totalTimeoutMs,
    parent: callerSignal,
    onTimeout: () => new SnoopTimeoutError('total', totalTimeoutMs),
    onAbort: (reason: unknown) => new SnoopAbortError(reason),
  }
  return withDeadline(runtime, deadline, async signal => {
    for (let retriesDone = 0; ; retriesDone++) {
      const { result, failure } = await attempt(context, request, timeoutMs, signal)
      const decision = failure
        ? decideRetry({
            method: request.method,
            hasIdempotencyKey: request.hasIdempotencyKey,
            failure,
            retriesDone,
            maxRetries,
            maxRetryAfterMs,
            remainingMs: endMs - runtime.now(),
            random: runtime.random(),
          })
        : { retry: false as const }
      if (decision.retry) await runtime.sleep(decision.waitMs, signal)
      else if ('error' in result) throw result.error
      else return result.response
    }
  })
}
