import { type Endpoint, envelopeOf, type PageMeta } from '../contract'
import { type FieldError, SnoopApiError, UNEXPECTED_RESPONSE } from '../errors'
import type { WireResponse } from './attempt'
import type { ResponseInfo } from './client-types'
import { readSurfaceError } from './read-surface-error'
import { parseRetryAfterMs } from './retry-policy'

/** A success, taken out of its envelope. Nothing is checked but that: a newer server may say more than we know. */
export interface ReadResult {
  readonly data: unknown
  readonly response: ResponseInfo
}

type JsonObject = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The body as JSON, or as it is where it is not JSON. */
export const parseBody = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

/** What the wire said beside the data. */
export const readInfo = ({ status, headers }: WireResponse, body: unknown): ResponseInfo => ({
  status,
  headers,
  requestId: headers['x-request-id'],
  message: isObject(body) ? asText(body.message) : undefined,
})

const isFieldError = (value: unknown): value is FieldError =>
  isObject(value) && [value.field, value.error, value.location].every(part => typeof part === 'string')

const readError = (wire: WireResponse, body: JsonObject, code: string, nowMs: number): SnoopApiError => {
  const meta = isObject(body.meta) ? body.meta : undefined
  const retryAfterMs = parseRetryAfterMs(wire.headers['retry-after'], nowMs)
  return new SnoopApiError({
    status: wire.status,
    code,
    message: asText(body.message) ?? `The server answered ${wire.status} (${code})`,
    meta,
    requestId: wire.headers['x-request-id'],
    retryAfter: retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000),
    errors: Array.isArray(meta?.errors) ? meta.errors.filter(isFieldError) : [],
  })
}

const unexpected = (wire: WireResponse, nowMs: number): SnoopApiError => {
  const contentType = wire.headers['content-type']?.split(';')[0] ?? 'no content type'
  const message = `The server answered ${wire.status} with something that is not Snoop's (${contentType}, ${wire.body.length} characters)`
  return readError(wire, { message }, UNEXPECTED_RESPONSE, nowMs)
}

const isPageMeta = (meta: unknown): meta is PageMeta =>
  isObject(meta) &&
  typeof meta.hasMore === 'boolean' &&
  [meta.total, meta.offset, meta.limit].every(part => typeof part === 'number')

/**
 * Takes `data` out of an answer; of a list, a `Page`.
 * - An error status, or `success: false`: the envelope's error.
 * - 204 and 205: `undefined`, as the server has carried it out and has nothing to say.
 * - A file: its bytes and media type.
 * - A stream that began: its lines.
 * - A surface's answer: what it has in the place of data.
 * - Anything else that is not the envelope (HTML, cut-off JSON, an empty 200, a redirect): `UNEXPECTED_RESPONSE`.
 *
 * @throws SnoopApiError
 */
export const readResponse = (endpoint: Endpoint, wire: WireResponse, nowMs: number): ReadResult => {
  const { status } = wire
  if (status === 204 || status === 205) return { data: undefined, response: readInfo(wire, undefined) }
  if (wire.bytes) {
    const contentType = wire.headers['content-type'] ?? ''
    return { data: { contentType, bytes: wire.bytes }, response: readInfo(wire, undefined) }
  }
  if (wire.lines) return { data: wire.lines, response: readInfo(wire, undefined) }
  const body = parseBody(wire.body)
  const ok = status >= 200 && status < 300
  if (isObject(body)) {
    const response = readInfo(wire, body)
    const code = asText(body.code)
    if (endpoint.dialect && !ok) {
      const error = readSurfaceError(wire, body, nowMs)
      if (error) throw error
    }
    const envelope = envelopeOf(endpoint)
    if (ok && envelope === 'errorFlag' && body.error === 0) return { data: body.data, response }
    if (ok && envelope === 'none') return { data: body, response }
    if ((!ok || body.success === false) && code !== undefined) throw readError(wire, body, code, nowMs)
    if (ok && body.success === true && 'data' in body && !endpoint.stream) {
      const { data, meta } = body
      if (!endpoint.paged) return { data, response }
      const items = endpoint.itemsKey !== undefined && isObject(data) ? data[endpoint.itemsKey] : data
      if (Array.isArray(items) && isPageMeta(meta)) return { data: { data: items, meta }, response }
    }
  }
  throw unexpected(wire, nowMs)
}
