import { SnoopConnectionError, type SnoopError, SnoopTimeoutError } from '../errors'
import type { BuiltRequest } from './build-request'
import { describeConnectionFailure, readConnectionFailure } from './connection-failure'
import { type Credential, credentialHeaders, keepCookies } from './credential'
import { withDeadline } from './deadline'
import type { OpenBody } from './line-stream'
import { type AttemptFailure, parseRetryAfterMs } from './retry-policy'
import type { Runtime } from './runtime'
import type { Transport, TransportRequest, TransportResponse } from './transport'

/** An answer, its body read to the end; but for a stream, of which only the head has come. */
export interface WireResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly lines?: AsyncIterable<string>
  /** Of a file, instead of `body`. */
  readonly bytes?: Uint8Array
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
  | {
      readonly wire: WireResponse
      readonly failure: AttemptFailure | undefined
      /** Instead of a body in `wire`. */
      readonly open?: OpenBody
    }
  | { readonly error: SnoopError; readonly failure: AttemptFailure }

type Exchange = Outcome & { readonly setCookie?: readonly string[] }

const answerOutcome = (wire: WireResponse, nowMs: number): Outcome => {
  if (wire.status < 400) return { wire, failure: undefined }
  const retryAfterMs = parseRetryAfterMs(wire.headers['retry-after'], nowMs)
  return { wire, failure: { kind: 'status', status: wire.status, retryAfterMs } }
}

const STREAM_TYPES = /^(application\/x-ndjson|text\/csv)\b/

/** What is no stream of ours, such as an error or the page of a proxy, is read as any other answer. */
const isStreamed = ({ status, headers }: TransportResponse): boolean =>
  status >= 200 && status < 300 && STREAM_TYPES.test(headers['content-type'] ?? '')

/** Aborts with `signal`, and later too. */
const outlive = (signal: AbortSignal): AbortController => {
  const lifetime = new AbortController()
  signal.addEventListener('abort', () => lifetime.abort(signal.reason), { once: true })
  return lifetime
}

/** What is no file of ours, such as an error, is read as any other answer. */
const isFile = ({ status, headers }: TransportResponse, types: readonly string[]): boolean =>
  status >= 200 && status < 300 && types.includes(headers['content-type']?.split(';', 1)[0] ?? '')

const readBytes = async (response: TransportResponse): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of response.chunks()) chunks.push(chunk)
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0))
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

/** @param lifetime of a stream; undefined: the answer must not be one @param file media types that a file can have */
const readAnswer = async (
  response: TransportResponse,
  lifetime: AbortController | undefined,
  file: readonly string[],
  nowMs: number,
): Promise<Outcome> => {
  const { status, headers } = response
  if (isFile(response, file))
    return answerOutcome({ status, headers, body: '', bytes: await readBytes(response) }, nowMs)
  if (!lifetime || !isStreamed(response))
    return answerOutcome({ status, headers, body: await response.text() }, nowMs)
  const open = { chunks: response.chunks(), cancel: (reason: unknown) => lifetime.abort(reason) }
  return { wire: { status, headers, body: '' }, failure: undefined, open }
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

/** A request, and what its answer may be besides JSON. */
type Asked = Omit<TransportRequest, 'signal'> & {
  readonly mayStream: boolean
  readonly file: readonly string[]
}

const exchange = async (
  { transport, runtime }: SendContext,
  { mayStream, file, ...request }: Asked,
  timeoutMs: number,
  callSignal: AbortSignal,
): Promise<Exchange> => {
  const onTimeout = () => new SnoopTimeoutError('attempt', timeoutMs)
  try {
    return await withDeadline(runtime, { timeoutMs, parent: callSignal, onTimeout }, async signal => {
      // The deadline is for the answer; a stream goes on when it has been met.
      const lifetime = mayStream ? outlive(signal) : undefined
      const response = await transport.send({ ...request, signal: lifetime?.signal ?? signal })
      const outcome = await readAnswer(response, lifetime, file, runtime.now())
      return { ...outcome, setCookie: response.setCookie }
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
  { method, url, body, headers, stream, file = [], keyAsBearer }: OutgoingRequest,
  timeoutMs: number,
  callSignal: AbortSignal,
): Promise<Outcome> => {
  const allHeaders = { ...headers, ...(await credentialHeaders(context.credential, url, keyAsBearer)) }
  const request = { method, url, body, headers: allHeaders, mayStream: stream === true, file }
  const { setCookie = [], ...outcome } = await exchange(context, request, timeoutMs, callSignal)
  await keepCookies(context.credential, url, setCookie)
  return outcome
}
