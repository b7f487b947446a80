import { type Endpoint, findEndpoint, wireOf } from '../contract'

/** What goes over the wire, credential and common headers excepted. */
export interface BuiltRequest {
  readonly method: string
  readonly url: URL
  readonly body: string | undefined
  /** The body is a form instead of JSON. */
  readonly isForm?: true
  /** A key is sent as `Authorization: Bearer` instead of in its own header. */
  readonly keyAsBearer?: true
  /** A success is a file of one of these media types. */
  readonly file?: readonly string[]
  /** A success is answered by lines of text, as long as it takes. */
  readonly stream?: true
}

type Values = Readonly<Record<string, unknown>>

const keysOf = (schema: { readonly shape: object } | undefined): readonly string[] =>
  schema ? Object.keys(schema.shape) : []

/** The named values that are there; `undefined` counts as left out. */
const pick = (input: Values, keys: readonly string[]): [string, unknown][] =>
  keys.filter(key => input[key] !== undefined).map(key => [key, input[key]])

const isScalar = (value: unknown): value is string | number | bigint | boolean | null =>
  value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value)

const loneSurrogate = /\p{Surrogate}/u

/**
 * @throws TypeError if the value is missing, blank, or would change the path (`.` and `..` do so even when encoded)
 */
const encodePathValue = (name: string, value: unknown): string => {
  if (value === undefined || value === null || value === '') throw new TypeError(`\`${name}\` is required`)
  const text = isScalar(value) ? String(value) : ''
  if (text === '' || text === '.' || text === '..' || loneSurrogate.test(text)) {
    throw new TypeError(`\`${name}\` cannot be part of a path`)
  }
  return encodeURIComponent(text)
}

const fillPath = (path: string, input: Values): string =>
  path.replace(/:(\w+)/g, (_, name: string) => encodePathValue(name, input[name]))

/** Puts the values into the URL's query; `undefined` is left out, `null` is the word `null`. */
export const addQuery = (url: URL, query: Iterable<readonly [string, unknown]>): void => {
  for (const [name, value] of query) {
    if (value === undefined) continue
    if (!isScalar(value)) throw new TypeError(`\`${name}\` cannot be part of a query`)
    url.searchParams.append(name, String(value))
  }
}

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What the caller put under the name of an open part. */
const openPart = (input: Values, name: string): Values => {
  const value = input[name] ?? {}
  if (!isObject(value)) throw new TypeError(`\`${name}\` must be an object`)
  return value
}

const formBody = (values: readonly (readonly [string, unknown])[]): string =>
  new URLSearchParams(values.map(([name, value]): [string, string] => [name, String(value)])).toString()

const bodyOf = (endpoint: Endpoint, input: Values): string | undefined => {
  const { body, openBody, form } = endpoint
  if (!body) return undefined
  if (openBody !== undefined) return JSON.stringify(openPart(input, openBody))
  const values = pick(input, keysOf(body))
  return form ? formBody(values) : JSON.stringify(Object.fromEntries(values))
}

/**
 * Splits the flat input of a call into path, query and JSON body, by the keys of the endpoint's schemas.
 * @throws TypeError naming a path parameter that is missing or unusable, or a key that the endpoint does not have
 */
export const buildRequest = (origin: URL, endpoint: Endpoint, input: Values): BuiltRequest => {
  const paramKeys = keysOf(endpoint.params)
  const queryKeys = keysOf(endpoint.query)
  const bodyKeys = keysOf(endpoint.body)
  const { openQuery, openBody } = endpoint
  const openKeys = [openQuery, openBody].filter(key => key !== undefined)
  const known = new Set([...paramKeys, ...queryKeys, ...bodyKeys, ...openKeys])
  const unknownKey = Object.keys(input).find(key => input[key] !== undefined && !known.has(key))
  if (unknownKey !== undefined) {
    throw new TypeError(`\`${unknownKey}\` is not an input of ${endpoint.method} ${endpoint.path}`)
  }
  const url = new URL(fillPath(endpoint.path, input), origin)
  addQuery(url, pick(input, queryKeys))
  if (openQuery !== undefined) addQuery(url, Object.entries(openPart(input, openQuery)))
  return {
    method: endpoint.method,
    url,
    body: bodyOf(endpoint, input),
    ...wireFacts(endpoint),
  }
}

/** What goes over the wire besides method, address and body, as an endpoint wants it. */
const wireFacts = (endpoint: Endpoint) => {
  const { form, stream, file } = endpoint
  return {
    ...(form && { isForm: form }),
    ...(stream && { stream }),
    ...(file && { file }),
    ...(wireOf(endpoint).keyPlace === 'bearer' && { keyAsBearer: true as const }),
  }
}

const rawBody = (body: unknown, isForm: boolean | undefined): string | undefined => {
  if (body === undefined || !isForm || !isObject(body))
    return body === undefined ? undefined : JSON.stringify(body)
  return formBody(Object.entries(body))
}

/**
 * A request to any path of the server, sent as the contract says of it where it knows the path.
 * @throws TypeError if `path` leaves the server or `method` is not a token (RFC 9110, 5.6.2)
 */
export const buildRawRequest = (
  origin: URL,
  method: string,
  path: string,
  { query = {}, body }: { readonly query?: Values; readonly body?: unknown },
): BuiltRequest => {
  if (!/^[A-Za-z]{1,20}$/.test(method)) throw new TypeError('The method must be a word such as GET')
  const url = path.startsWith('/') && URL.canParse(path, origin.href) ? new URL(path, origin) : undefined
  if (url?.origin !== origin.origin)
    throw new TypeError('The path must start with one / and stay on the server')
  addQuery(url, Object.entries(query))
  const endpoint = findEndpoint(method.toUpperCase(), url.pathname)
  // Of a stream the caller wants the text as it came.
  const { stream: _stream, ...facts } = endpoint ? wireFacts(endpoint) : {}
  return { method: method.toUpperCase(), url, body: rawBody(body, endpoint?.form), ...facts }
}
