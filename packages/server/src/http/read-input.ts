import type { Endpoint } from '@snoop/sdk/contract'
import type { z } from 'zod'
import { DomainError, type FieldProblem, invalidFields } from '../domain/domain-error'
import { parseJsonObject } from './parse-json-object'
import type { WireRequest } from './wire'

/** Text exactly as it was sent, and what its sender signed it with. */
export interface SignedText {
  readonly text: string
  readonly signature: string | undefined
}

/** What an endpoint's schemas made of a request. */
export interface ValidInput {
  readonly params: Record<string, unknown>
  readonly query: Record<string, unknown> | undefined
  readonly body: Record<string, unknown> | undefined
  /** Of an endpoint with `rawBody`. */
  readonly rawBody?: SignedText
}

type Location = NonNullable<FieldProblem['location']>

/** More than anybody reads; a hostile body can have hundreds of thousands. */
const MAX_PROBLEMS = 100

const problemsOf = (error: z.ZodError | undefined, location: Location): FieldProblem[] =>
  (error?.issues ?? [])
    .slice(0, MAX_PROBLEMS)
    .map(issue => ({ field: issue.path.join('.') || location, error: issue.message, location }))

/** A repeated parameter becomes a list, which no schema takes for a single value. */
const queryValues = (query: string): Record<string, string | string[]> => {
  const values: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of new URLSearchParams(query)) {
    const earlier = values[name]
    if (earlier === undefined) values[name] = value
    else if (typeof earlier === 'string') values[name] = [earlier, value]
    else earlier.push(value)
  }
  return values
}

/** Even a schema that takes all parameters drops `__proto__`, and what is dropped would be ignored. */
const droppedParameters = (
  { openQuery }: Endpoint,
  given: Readonly<Record<string, unknown>>,
  taken: Readonly<Record<string, unknown>> | undefined,
): FieldProblem[] =>
  openQuery === undefined || !taken
    ? []
    : Object.keys(given)
        .filter(field => !Object.hasOwn(taken, field))
        .map(field => ({ field, error: 'There is no such parameter', location: 'query' }))

/** @throws DomainError UNSUPPORTED_MEDIA_TYPE, for compressed JSON too */
const assertJson = ({ headers }: WireRequest): void => {
  const mediaType = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  const coding = headers['content-encoding'] ?? 'identity'
  if (mediaType !== 'application/json' || coding !== 'identity')
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE')
}

const isForm = ({ headers }: WireRequest): boolean =>
  headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded'

/** A form is a handful of fields; to take millions of names apart holds up everybody else. */
const MAX_FORM_BYTES = 64 * 1024

/** @throws DomainError BODY_TOO_LARGE */
const readForm = async (request: WireRequest): Promise<object> =>
  queryValues(await readAtMost(request, MAX_FORM_BYTES))

const readObject = async (endpoint: Endpoint, request: WireRequest): Promise<object | undefined> => {
  if (endpoint.form && isForm(request)) return readForm(request)
  const isWrite = endpoint.method !== 'GET'
  if (endpoint.body || (isWrite && request.headers['content-type'] !== undefined)) assertJson(request)
  return endpoint.body && parseJsonObject(await request.readBody())
}

/** @throws DomainError BODY_TOO_LARGE */
const readAtMost = async (request: WireRequest, maxBytes: number): Promise<string> => {
  const refusal = new DomainError('BODY_TOO_LARGE', {
    message: `The request body is larger than ${maxBytes} bytes`,
  })
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw refusal
  const text = await request.readBody()
  if (Buffer.byteLength(text) > maxBytes) throw refusal
  return text
}

/** @throws DomainError BODY_TOO_LARGE */
const readRawBody = async (
  { signedBy, maxBytes }: NonNullable<Endpoint['rawBody']>,
  request: WireRequest,
): Promise<SignedText> => {
  const text = await readAtMost(request, maxBytes)
  const signature = request.headers[signedBy]
  return { text, signature: typeof signature === 'string' ? signature : undefined }
}

/** The path's parameters, checked. @throws DomainError VALIDATION_ERROR */
export const readParams = (
  endpoint: Endpoint,
  params: Readonly<Record<string, string>>,
): Record<string, unknown> => {
  if (!endpoint.params) return {}
  const parsed = endpoint.params.safeParse(params)
  if (!parsed.success) throw invalidFields(problemsOf(parsed.error, 'params'))
  return parsed.data
}

/**
 * Query and body, checked and defaulted; all problems of both are told at once.
 * @throws DomainError UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE, MALFORMED_JSON, VALIDATION_ERROR
 */
export const readInput = async (
  endpoint: Endpoint,
  request: WireRequest,
  params: Record<string, unknown>,
  query: string,
): Promise<ValidInput> => {
  if (endpoint.rawBody) {
    return {
      params,
      query: undefined,
      body: undefined,
      rawBody: await readRawBody(endpoint.rawBody, request),
    }
  }
  const body = await readObject(endpoint, request)
  const given = queryValues(query)
  const parsedQuery = endpoint.query?.safeParse(given)
  const parsedBody = endpoint.body?.safeParse(body)
  const problems = [
    ...problemsOf(parsedQuery?.error, 'query'),
    ...droppedParameters(endpoint, given, parsedQuery?.data),
    ...problemsOf(parsedBody?.error, 'body'),
  ]
  if (problems.length > 0) throw invalidFields(problems)
  return { params, query: parsedQuery?.data, body: parsedBody?.data }
}
