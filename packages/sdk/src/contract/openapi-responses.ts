import type { Endpoint } from './endpoint'
import { ERROR_CATALOGUE, type ErrorCode } from './error-catalogue'
import { errorsByStatus } from './implied-errors'
import { type NamedSchemas, toJsonSchema } from './json-schema'
import { envelopeOf, validationStatusOf, wireOf } from './surfaces'

/** A piece of an OpenAPI document. */
export type Json = Readonly<Record<string, unknown>>

const schemaRef = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })
const headerRef = (name: string): Json => ({ $ref: `#/components/headers/${name}` })
export const jsonContent = (schema: Json): Json => ({ 'application/json': { schema } })

/** That of a validation error, where it differs from the catalogue's. */
const statusOn = (endpoint: Endpoint, status: number, codes: readonly ErrorCode[]): number =>
  status === ERROR_CATALOGUE.VALIDATION_ERROR.status && codes.includes('VALIDATION_ERROR')
    ? validationStatusOf(endpoint)
    : status

const responseHeaders = (endpoint: Endpoint, status: number): Json => {
  const limits = endpoint.rateLimit === 'exempt' ? [] : wireOf(endpoint).limitHeaders
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
  const envelope = envelopeOf(endpoint)
  if (envelope === 'none') return data
  if (envelope === 'errorFlag')
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
  const anyError = schemaRef(wireOf(endpoint).errorSchema)
  if (endpoint.dialect) return { description, headers, content: jsonContent(anyError) }
  const base = codes.includes('VALIDATION_ERROR')
    ? { anyOf: [schemaRef('ValidationError'), anyError] }
    : anyError
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
