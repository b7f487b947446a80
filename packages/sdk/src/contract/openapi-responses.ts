import type { Endpoint } from './endpoint'
import { ERROR_CATALOGUE, type ErrorCode } from './error-catalogue'
import { errorsByStatus } from './implied-errors'
import { type NamedSchemas, toJsonSchema } from './json-schema'
import type { Surface } from './vocabulary'

/** A piece of an OpenAPI document. */
export type Json = Readonly<Record<string, unknown>>

const schemaRef = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })
const headerRef = (name: string): Json => ({ $ref: `#/components/headers/${name}` })
export const jsonContent = (schema: Json): Json => ({ 'application/json': { schema } })

const NATIVE_LIMITS = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset']
const LIMIT_HEADERS: Readonly<Record<Surface, readonly string[]>> = {
  native: NATIVE_LIMITS,
  snipy: ['X-RateLimit-Limit', 'X-RateLimit-Remaining'],
  snaptrack: ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'],
  snaapi: NATIVE_LIMITS,
}
const ERROR_SCHEMAS = { snipy: 'SnipyError', snaptrack: 'SnaptrackError', snaapi: 'SnaapiError' } as const

/** A validation error is 422 on two of the surfaces. */
const statusOn = ({ dialect, bare }: Endpoint, status: number, codes: readonly ErrorCode[]) => {
  const is422 = (dialect === 'snipy' && !bare) || dialect === 'snaptrack'
  return is422 && status === 400 && codes.includes('VALIDATION_ERROR') ? 422 : status
}

const responseHeaders = (endpoint: Endpoint, status: number): Json => {
  const limits = endpoint.rateLimit === 'exempt' ? [] : LIMIT_HEADERS[endpoint.dialect ?? 'native']
  const code = endpoint.dialect && status >= 400 ? ['X-Error-Code'] : []
  const names = ['X-Request-Id', ...limits, ...code, ...(status === 429 ? ['Retry-After'] : [])]
  return Object.fromEntries(names.map(name => [name, headerRef(name)]))
}

const wrapped = (key: string, items: Json): Json => ({
  type: 'object',
  properties: { [key]: items },
  required: [key],
})

const successSchema = (endpoint: Endpoint, named: NamedSchemas): Json => {
  const data = toJsonSchema(endpoint.response, 'output', named)
  if (endpoint.bare) return data
  if (endpoint.dialect === 'snipy')
    return { type: 'object', properties: { error: { const: 0 }, data }, required: ['error', 'data'] }
  const properties = {
    success: { const: true },
    status: { const: endpoint.status },
    code: { const: 'OK' },
    message: { type: 'string', examples: [endpoint.message] },
    data: endpoint.itemsKey === undefined ? data : wrapped(endpoint.itemsKey, data),
    ...(endpoint.paged && { meta: schemaRef('PageMeta') }),
  }
  return { type: 'object', properties, required: Object.keys(properties) }
}

/** A stream is lines, each a JSON value or a row of CSV. */
const successContent = (endpoint: Endpoint, named: NamedSchemas): Json => {
  const { file, stream } = endpoint
  if (file) return Object.fromEntries(file.map(type => [type, {}]))
  return stream
    ? {
        'application/x-ndjson': { schema: toJsonSchema(endpoint.response, 'output', named) },
        'text/csv': { schema: { type: 'string' } },
      }
    : jsonContent(successSchema(endpoint, named))
}

const errorResponse = (endpoint: Endpoint, status: number, codes: readonly ErrorCode[]): Json => {
  const description = codes.map(code => `\`${code}\`: ${ERROR_CATALOGUE[code].message}`).join('\n\n')
  const headers = responseHeaders(endpoint, status)
  if (endpoint.dialect)
    return { description, headers, content: jsonContent(schemaRef(ERROR_SCHEMAS[endpoint.dialect])) }
  const base = codes.includes('VALIDATION_ERROR')
    ? { anyOf: [schemaRef('ValidationError'), schemaRef('Error')] }
    : schemaRef('Error')
  return {
    description,
    headers,
    content: jsonContent({
      allOf: [base, { properties: { status: { const: status }, code: { enum: codes } } }],
    }),
  }
}

/** The answers of an endpoint: its success, and its error codes grouped by status. */
export const responses = (endpoint: Endpoint, named: NamedSchemas): Json => {
  const success = {
    description: endpoint.message,
    headers: responseHeaders(endpoint, endpoint.status),
    ...(endpoint.status !== 204 && { content: successContent(endpoint, named) }),
  }
  const errors = [...errorsByStatus(endpoint)].map(([status, codes]) => [
    String(statusOn(endpoint, status, codes)),
    errorResponse(endpoint, status, codes),
  ])
  return { [String(endpoint.status)]: success, ...Object.fromEntries(errors) }
}
