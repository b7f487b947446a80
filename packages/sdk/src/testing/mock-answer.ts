import type { FileData } from '../client/client-types'
import { ERROR_CATALOGUE, type ErrorCode } from '../contract'

/** What `mockFetch` answers when the test itself is at fault; 501 is a status that no client repeats. */
export type MockFault = 'MOCK_ROUTE_MISSING' | 'MOCK_DATA_INVALID' | 'MOCK_HANDLER_FAILED'

/** Thrown by a handler to answer with an error of the catalogue. */
export class MockError extends Error {
  readonly code: ErrorCode
  readonly meta: Readonly<Record<string, unknown>> | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ErrorCode,
    facts: { message?: string; meta?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(facts.message ?? ERROR_CATALOGUE[code].message)
    this.name = 'MockError'
    this.code = code
    this.meta = facts.meta
    this.headers = facts.headers ?? {}
  }
}

/** A JSON answer with the headers that the server always sends. */
export const jsonResponse = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'x-request-id': 'req_mock', ...headers },
  })

/** A stream of JSON lines. */
export const linesResponse = (status: number, values: readonly unknown[]): Response =>
  new Response(values.map(value => `${JSON.stringify(value)}\n`).join(''), {
    status,
    headers: { 'content-type': 'application/x-ndjson; charset=utf-8', 'x-request-id': 'req_mock' },
  })

export const fileResponse = (status: number, { contentType, bytes }: FileData): Response =>
  new Response(bytes.slice(), {
    status,
    headers: { 'content-type': contentType, 'x-request-id': 'req_mock' },
  })

export const faultResponse = (code: MockFault, message: string): Response =>
  jsonResponse(501, { success: false, status: 501, code, message })

export const errorResponse = ({ code, message, meta, headers }: MockError): Response => {
  const { status } = ERROR_CATALOGUE[code]
  const body = { success: false, status, code, message, ...(meta && { meta }) }
  // Clients of surfaces read the code from the header.
  return jsonResponse(status, body, { 'x-error-code': code, ...headers })
}
