import type { Endpoint } from '@snoop/sdk/contract'
import sjson from 'secure-json-parse'
import type { z } from 'zod'
import { DomainError, type FieldProblem } from '../domain/domain-error'
import type { WireRequest } from './wire'

/** What an endpoint's schemas made of a request. */
export interface ValidInput {
  readonly params: Record<string, unknown>
  readonly query: Record<string, unknown> | undefined
  readonly body: Record<string, unknown> | undefined
}

type Location = NonNullable<FieldProblem['location']>

const problemsOf = (error: z.ZodError, location: Location): FieldProblem[] =>
  error.issues.map(issue => ({ field: issue.path.join('.') || location, error: issue.message, location }))

const refuse = (fields: FieldProblem[]): DomainError => {
  const names = [...new Set(fields.map(({ field }) => field))].join(', ')
  return new DomainError('VALIDATION_ERROR', {
    message: `Validation failed for fields: ${names}`,
    detail: { fields },
  })
}

/** A repeated parameter becomes a list, which no schema takes for a single value. */
const queryValues = (query: string): Record<string, string | string[]> => {
  const values: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of new URLSearchParams(query)) {
    const earlier = values[name]
    values[name] = earlier === undefined ? value : [earlier, value].flat()
  }
  return values
}

/** @throws DomainError UNSUPPORTED_MEDIA_TYPE */
const assertJson = (contentType: string | undefined): void => {
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  if (mediaType !== 'application/json') throw new DomainError('UNSUPPORTED_MEDIA_TYPE')
}

/** `__proto__` and `constructor.prototype` are dropped wherever they stand. @throws DomainError MALFORMED_JSON */
const parseJson = (text: string): unknown => {
  try {
    return sjson.parse(text, undefined, { protoAction: 'remove', constructorAction: 'remove' })
  } catch (cause) {
    throw new DomainError('MALFORMED_JSON', { cause })
  }
}

const readJsonBody = async (endpoint: Endpoint, request: WireRequest): Promise<unknown> => {
  const contentType = request.headers['content-type']
  if (endpoint.body) assertJson(contentType)
  else if (contentType !== undefined && endpoint.method !== 'GET') assertJson(contentType)
  if (!endpoint.body) return undefined
  return parseJson(await request.readBody())
}

/** The path's parameters, checked. @throws DomainError VALIDATION_ERROR */
export const readParams = (
  endpoint: Endpoint,
  params: Readonly<Record<string, string>>,
): Record<string, unknown> => {
  if (!endpoint.params) return {}
  const parsed = endpoint.params.safeParse(params)
  if (!parsed.success) throw refuse(problemsOf(parsed.error, 'params'))
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
  const body = await readJsonBody(endpoint, request)
  const parsedQuery = endpoint.query?.safeParse(queryValues(query))
  const parsedBody = endpoint.body?.safeParse(body)
  const problems = [
    ...(parsedQuery?.error ? problemsOf(parsedQuery.error, 'query') : []),
    ...(parsedBody?.error ? problemsOf(parsedBody.error, 'body') : []),
  ]
  if (problems.length > 0) throw refuse(problems)
  return { params, query: parsedQuery?.data, body: parsedBody?.data }
}
