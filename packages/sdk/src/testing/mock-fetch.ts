import { z } from 'zod'
import type { FileData } from '../client/client-types'
import { type Contract, type Endpoint, type EndpointData, envelopeOf, type HandlerInput } from '../contract'
import { matchRoute } from './match-route'
import {
  errorResponse,
  faultResponse,
  fileResponse,
  jsonResponse,
  linesResponse,
  MockError,
} from './mock-answer'
import { readMockRequest } from './read-mock-request'

type EndpointsOf<Resource> = Resource[keyof Resource]
type ContractEndpoint = EndpointsOf<{ [Tag in keyof Contract]: EndpointsOf<Contract[Tag]> }>

/** What a handler is given: the request after validation, with the contract's defaults filled in. */
export type MockRequest<E extends Endpoint> = HandlerInput<E> & { readonly headers: Headers }

type MockData<E extends Endpoint> = E extends { readonly stream: true }
  ? readonly EndpointData<E>[]
  : E extends { readonly file: readonly string[] }
    ? FileData
    : EndpointData<E>

/**
 * The data; for a list all its items, of which the asked page is answered; for a stream all its JSON lines; for a file its
 * bytes; or a whole answer of your own.
 */
export type MockAnswer<E extends Endpoint> = MockData<E> | Response

export type MockHandler<E extends Endpoint> = (
  request: MockRequest<E>,
) => MockAnswer<E> | Promise<MockAnswer<E>>

/** Handlers by route, such as `GET /api/user/me`, with the path as the contract writes it. */
export type MockHandlers = {
  readonly [E in ContractEndpoint as `${E['method']} ${E['path']}`]?: MockHandler<E>
}

type AnyHandler = (request: object) => unknown

const pageOf = (
  items: readonly unknown[],
  { offset, limit }: { offset: number; limit: number },
  itemsKey: string | undefined,
) => {
  const page = items.slice(offset, offset + limit)
  return {
    data: itemsKey === undefined ? page : { [itemsKey]: page },
    meta: { total: items.length, offset, limit, hasMore: offset + limit < items.length },
  }
}

const successResponse = (endpoint: Endpoint, query: unknown, answer: unknown): Response => {
  if (endpoint.file) return fileResponse(endpoint.status, answer as FileData)
  const schema = endpoint.stream ? z.array(endpoint.response) : endpoint.response
  const parsed = schema.safeParse(answer)
  if (!parsed.success) {
    const route = `${endpoint.method} ${endpoint.path}`
    return faultResponse(
      'MOCK_DATA_INVALID',
      `The data for ${route} is not what the contract says:\n${z.prettifyError(parsed.error)}`,
    )
  }
  const { status, message } = endpoint
  if (endpoint.stream) return linesResponse(status, parsed.data as unknown[])
  if (status === 204) return new Response(null, { status })
  const envelope = envelopeOf(endpoint)
  if (envelope === 'none') return jsonResponse(status, parsed.data)
  if (envelope === 'errorFlag') return jsonResponse(status, { error: 0, data: parsed.data })
  const content = endpoint.paged
    ? pageOf(parsed.data as unknown[], query as { offset: number; limit: number }, endpoint.itemsKey)
    : { data: parsed.data }
  return jsonResponse(status, { success: true, status, code: 'OK', message, ...content })
}

const answer = async (request: Request, handlers: Readonly<Record<string, unknown>>): Promise<Response> => {
  const { pathname } = new URL(request.url)
  const match = matchRoute(request.method, pathname)
  const route = match ? `${match.endpoint.method} ${match.endpoint.path}` : `${request.method} ${pathname}`
  const handler = handlers[route] as AnyHandler | undefined
  if (!match || !handler) {
    const what = match ? 'mockFetch has no handler for' : 'The contract has no endpoint for'
    return faultResponse('MOCK_ROUTE_MISSING', `${what} ${route}`)
  }
  try {
    const parts = await readMockRequest(request, match)
    const result = await handler({ ...parts, headers: request.headers })
    return result instanceof Response ? result : successResponse(match.endpoint, parts.query, result)
  } catch (thrown) {
    if (thrown instanceof MockError) return errorResponse(thrown)
    const words = thrown instanceof Error ? thrown.message : String(thrown)
    return faultResponse('MOCK_HANDLER_FAILED', `The handler for ${route} threw: ${words}`)
  }
}

/**
 * A `fetch` for `createClient({ fetch })` that answers from handlers instead of a server. Requests are checked by the
 * contract as the server checks them, data is put into the envelope, and lists are cut into pages. What a test got
 * wrong (a route without a handler, data that the contract does not allow, a handler that throws) is an error with
 * status 501 and a code that starts with `MOCK_`. A handler throws `MockError` for an error of the catalogue.
 */
export const mockFetch =
  (handlers: MockHandlers): typeof globalThis.fetch =>
  async (input, init) => {
    const request = new Request(input, init)
    request.signal.throwIfAborted()
    return answer(request, handlers)
  }
