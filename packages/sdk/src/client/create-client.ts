import { type Endpoint, listEndpoints } from '../contract'
import { apiPromise } from './api-promise'
import { buildRawRequest, buildRequest } from './build-request'
import { type Caller, createCaller } from './caller'
import type {
  CallOptions,
  ClientOptions,
  Page,
  RawRequestOptions,
  RawResponse,
  SnoopClient,
} from './client-types'
import { readCredential } from './credential'
import { createFetchTransport } from './fetch-transport'
import { listPromise } from './paginate'
import { readOrigin } from './read-options'
import { parseBody, type ReadResult, readInfo, readResponse } from './read-response'
import { type Runtime, systemRuntime } from './runtime'
import type { Transport } from './transport'
import { createUndiciTransport } from './undici-transport'

type Input = Readonly<Record<string, unknown>>

const chooseTransport = ({ transport, fetch }: ClientOptions): Transport =>
  transport ?? (fetch ? createFetchTransport(fetch) : createUndiciTransport())

/** Calls an endpoint. */
type EndpointCaller = (endpoint: Endpoint, input: Input, options: CallOptions) => Promise<ReadResult>

const endpointCaller =
  (runtime: Runtime, origin: URL, call: Caller): EndpointCaller =>
  async (endpoint, input, options) => {
    const built = buildRequest(origin, endpoint, input)
    // The server recognises it when it is sent again: a lost answer must not cost a second thing.
    const keyed =
      endpoint.idempotency && options.idempotencyKey === undefined
        ? { ...options, idempotencyKey: runtime.randomId() }
        : options
    return readResponse(endpoint, await call(built, keyed), runtime.now())
  }

const methodFor =
  (callEndpoint: EndpointCaller, endpoint: Endpoint) =>
  (input: Input = {}, options: CallOptions = {}): unknown => {
    if (!endpoint.paged) return apiPromise(callEndpoint(endpoint, input, options))
    return listPromise(async offset => {
      const pageInput = offset === undefined ? input : { ...input, offset }
      const { data, response } = await callEndpoint(endpoint, pageInput, options)
      return { data: data as Page<unknown>, response }
    })
  }

const rawRequest =
  (origin: URL, call: Caller) =>
  async (method: string, path: string, raw: RawRequestOptions = {}): Promise<RawResponse> => {
    const { query = {}, headers, body, ...options } = raw
    const wire = await call(buildRawRequest(origin, method, path, { query, body }), options, headers)
    const parsed = wire.bytes ?? parseBody(wire.body)
    return { ...readInfo(wire, parsed), body: parsed }
  }

/** The client over a given clock, timers and random numbers. */
export const createClientWith = (runtime: Runtime, options: ClientOptions): SnoopClient => {
  const origin = readOrigin(options.baseUrl)
  const credential = readCredential(options)
  const transport = chooseTransport(options)
  const call = createCaller({ transport, credential, runtime }, options)
  const callEndpoint = endpointCaller(runtime, origin, call)

  const resources: Record<string, Record<string, unknown>> = {}
  for (const { name, tag, endpoint } of listEndpoints()) {
    const methodName = name.slice(tag.length + 1)
    resources[tag] = { ...resources[tag], [methodName]: methodFor(callEndpoint, endpoint) }
  }
  const client: Record<string, unknown> = {
    ...resources,
    request: rawRequest(origin, call),
    close: () => transport.close(),
  }
  return client as SnoopClient
}

/**
 * Makes a client for one server. Nothing is sent, and neither undici nor tough-cookie loaded, before the first call.
 * @throws TypeError if `baseUrl` is not an origin, more than one credential is given, a credential is blank or has
 *   characters that no header can carry, or a number is out of range
 */
export const createClient = (options: ClientOptions): SnoopClient => createClientWith(systemRuntime, options)
