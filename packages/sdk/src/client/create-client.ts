import { type Endpoint, IDEMPOTENCY_KEY_HEADER, listEndpoints } from '../contract'
import { apiPromise } from './api-promise'
import { type BuiltRequest, buildRawRequest, buildRequest } from './build-request'
import type {
  CallOptions,
  ClientOptions,
  Page,
  RawRequestOptions,
  RawResponse,
  SnoopClient,
} from './client-types'
import { CREDENTIAL_HEADERS, readCredential } from './credential'
import { createFetchTransport } from './fetch-transport'
import { listPromise } from './paginate'
import { readCallSettings, readHeaderText, readOrigin } from './read-options'
import { parseBody, type ReadResult, readInfo, readResponse } from './read-response'
import { type Runtime, systemRuntime } from './runtime'
import { SDK_VERSION } from './sdk-version'
import { send, type WireResponse } from './send'
import { createUndiciTransport } from './undici-transport'

type Input = Readonly<Record<string, unknown>>

/** Writes that the server recognises when they are repeated: a lost answer must not cost a second key. */
const repeatableWrites: ReadonlySet<string> = new Set(['apiKeys.rotate'])

const userAgentOf = (given: string | undefined): string => {
  const nodeVersion = globalThis.process?.versions?.node
  const own = `snoop-sdk/${SDK_VERSION}${nodeVersion ? ` node/${nodeVersion}` : ''}`
  return given === undefined ? own : `${readHeaderText('userAgent', given)} ${own}`
}

const readExtraHeaders = (headers: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const lowerName = name.toLowerCase()
      if (CREDENTIAL_HEADERS.has(lowerName)) {
        throw new TypeError(`\`${name}\` is set by the credential that was given to createClient`)
      }
      return [lowerName, readHeaderText(`headers.${name}`, value)]
    }),
  )

/** The client over a given clock, timers and random numbers. */
export const createClientWith = (runtime: Runtime, options: ClientOptions): SnoopClient => {
  const origin = readOrigin(options.baseUrl)
  const credential = readCredential(options)
  const baseSettings = readCallSettings(options)
  const userAgent = userAgentOf(options.userAgent)
  const transport =
    options.transport ?? (options.fetch ? createFetchTransport(options.fetch) : createUndiciTransport())
  const context = { transport, credential, runtime }

  const call = (
    built: BuiltRequest,
    { signal, idempotencyKey, ...timing }: CallOptions,
    extraHeaders: Record<string, string> = {},
  ): Promise<WireResponse> => {
    const headers = {
      accept: 'application/json',
      'user-agent': userAgent,
      ...(built.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined
        ? {}
        : { [IDEMPOTENCY_KEY_HEADER.toLowerCase()]: readHeaderText('idempotencyKey', idempotencyKey) }),
      ...extraHeaders,
    }
    const request = { ...built, headers, hasIdempotencyKey: idempotencyKey !== undefined }
    return send(context, request, readCallSettings(timing, baseSettings), signal)
  }

  const callEndpoint = async (
    name: string,
    endpoint: Endpoint,
    input: Input,
    callOptions: CallOptions,
  ): Promise<ReadResult> => {
    const keyed = repeatableWrites.has(name)
      ? { idempotencyKey: runtime.randomId(), ...callOptions }
      : callOptions
    const wire = await call(buildRequest(origin, endpoint, input), keyed)
    return readResponse(endpoint, wire, runtime.now())
  }

  const methodOf =
    (name: string, endpoint: Endpoint) =>
    (input: Input = {}, callOptions: CallOptions = {}): unknown => {
      if (!endpoint.paged) return apiPromise(callEndpoint(name, endpoint, input, callOptions))
      return listPromise(async offset => {
        const pageInput = offset === undefined ? input : { ...input, offset }
        const { data, response } = await callEndpoint(name, endpoint, pageInput, callOptions)
        return { data: data as Page<unknown>, response }
      })
    }

  const request = async (method: string, path: string, raw: RawRequestOptions = {}): Promise<RawResponse> => {
    const { query, headers, body, ...callOptions } = raw
    const built = buildRawRequest(origin, method, path, { ...(query && { query }), body })
    const wire = await call(built, callOptions, readExtraHeaders(headers))
    const parsed = parseBody(wire.body)
    return { ...readInfo(wire, parsed), body: parsed }
  }

  const resources: Record<string, Record<string, unknown>> = {}
  for (const { name, tag, endpoint } of listEndpoints()) {
    const methodName = name.slice(tag.length + 1)
    resources[tag] = { ...resources[tag], [methodName]: methodOf(name, endpoint) }
  }
  const client: Record<string, unknown> = { ...resources, request, close: () => transport.close() }
  return client as SnoopClient
}

/**
 * Makes a client for one server. Nothing is sent, and neither undici nor tough-cookie loaded, before the first call.
 * @throws TypeError if `baseUrl` is not an origin, more than one credential is given, a credential is blank or has
 *   characters that no header can carry, or a number is out of range
 */
export const createClient = (options: ClientOptions): SnoopClient => createClientWith(systemRuntime, options)
