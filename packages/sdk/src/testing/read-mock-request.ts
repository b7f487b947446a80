import type { z } from 'zod'
import type { Endpoint } from '../contract'
import type { RouteMatch } from './match-route'
import { MockError } from './mock-answer'

/** The parts of a request after the contract's validation, defaults filled in. */
export interface ReadParts {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
}

const readBody = (request: Request, text: string, endpoint: Endpoint): unknown => {
  const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')
  if (endpoint.form && isForm) return Object.fromEntries(new URLSearchParams(text))
  if (!request.headers.get('content-type')?.startsWith('application/json')) {
    throw new MockError('UNSUPPORTED_MEDIA_TYPE')
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new MockError('MALFORMED_JSON')
  }
}

interface FieldError {
  readonly field: string
  readonly error: string
  readonly location: keyof ReadParts
}

const refuse = (errors: readonly FieldError[]): never => {
  const fields = [...new Set(errors.map(({ field }) => field))]
  throw new MockError('VALIDATION_ERROR', {
    message: `Validation failed for fields: ${fields.join(', ')}`,
    meta: { errors },
  })
}

/**
 * Validates a request as the server does.
 * @throws MockError with the error that the server would answer
 */
export const readMockRequest = async (
  request: Request,
  { endpoint, params }: RouteMatch,
): Promise<ReadParts> => {
  const query = Object.fromEntries(new URL(request.url).searchParams)
  const sent = {
    params,
    query,
    body: endpoint.body && readBody(request, await request.text(), endpoint),
  }
  const errors: FieldError[] = []
  const read = (location: keyof ReadParts, schema: z.ZodType | undefined): unknown => {
    const result = schema?.safeParse(sent[location])
    for (const issue of result?.error?.issues ?? []) {
      errors.push({ field: issue.path.join('.'), error: issue.message, location })
    }
    return result?.data
  }
  const parts = {
    params: read('params', endpoint.params),
    query: read('query', endpoint.query),
    body: read('body', endpoint.body),
  }
  return errors.length > 0 ? refuse(errors) : parts
}
