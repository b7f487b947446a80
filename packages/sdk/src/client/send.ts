import { SnoopAbortError, SnoopTimeoutError } from '../errors'
import { attempt, type OutgoingRequest, type SendContext, type WireResponse } from './attempt'
import { withDeadline } from './deadline'
import { LineStream } from './line-stream'
import type { CallSettings } from './read-options'
import { decideRetry } from './retry-policy'

/**
 * Sends a request, again where `decideRetry` allows it, and returns the last answer, whatever its status. Once a stream
 * has begun it is not sent again.
 * @throws SnoopConnectionError, SnoopTimeoutError, SnoopAbortError
 */
export const send = (
  context: SendContext,
  request: OutgoingRequest,
  settings: CallSettings,
  callerSignal?: AbortSignal,
): Promise<WireResponse> => {
  const { runtime } = context
  const { method, hasIdempotencyKey } = request
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
      const outcome = await attempt(context, request, timeoutMs, signal)
      const decision = decideRetry({
        method,
        hasIdempotencyKey,
        failure: outcome.failure,
        retriesDone,
        maxRetries,
        maxRetryAfterMs,
        remainingMs: endMs - runtime.now(),
        random: runtime.random(),
      })
      if (decision.retry) await runtime.sleep(decision.waitMs, signal)
      else if ('error' in outcome) throw outcome.error
      else if (!outcome.open) return outcome.wire
      else {
        const origin = request.url.origin
        const lines = new LineStream(runtime, outcome.open, { origin, timeoutMs, signal: callerSignal })
        return { ...outcome.wire, lines }
      }
    }
  })
}
