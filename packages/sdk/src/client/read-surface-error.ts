import { type FieldError, SnoopApiError } from '../errors'
import type { WireResponse } from './attempt'
import { parseRetryAfterMs } from './retry-policy'

type JsonObject = Readonly<Record<string, unknown>>

const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isFieldError = (value: unknown): value is FieldError =>
  typeof value === 'object' && value !== null && 'field' in value && 'error' in value

/** A list as native answers have it, or `{field:[message,…]}`. */
const fieldErrors = (errors: unknown): FieldError[] => {
  if (Array.isArray(errors)) return errors.filter(isFieldError)
  if (typeof errors !== 'object' || errors === null) return []
  return Object.entries(errors).flatMap(([field, messages]) =>
    (Array.isArray(messages) ? messages : [messages]).map(message => ({
      field,
      error: String(message),
      location: 'body',
    })),
  )
}

/**
 * The error that a surface answered with. Its code is in a header, as the bodies of surfaces have no place for it; what
 * they hold besides the message becomes `meta`.
 * @returns undefined if it is no answer of Snoop's
 */
export const readSurfaceError = (
  { status, headers }: WireResponse,
  body: JsonObject,
  nowMs: number,
): SnoopApiError | undefined => {
  const code = headers['x-error-code']
  if (code === undefined) return undefined
  const { message, error, success: _success, code: _code, errors, details, ...rest } = body
  const meta = { ...rest, ...(isObject(details) && details) }
  // Where both are there, one says what is wrong and the other what to do.
  const said = [asText(error), asText(message)].filter(text => text !== undefined)
  const retryAfterMs = parseRetryAfterMs(headers['retry-after'], nowMs)
  return new SnoopApiError({
    status,
    code,
    message: said.length > 0 ? said.join('. ') : `The server answered ${status} (${code})`,
    meta: Object.keys(meta).length > 0 ? meta : undefined,
    requestId: headers['x-request-id'],
    retryAfter: retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000),
    errors: fieldErrors(errors),
  })
}
