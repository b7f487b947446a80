import { validateHeaderValue } from 'node:http'
import type { Endpoint, PageMeta } from '@snoop/sdk/contract'
import type { Dialect, Rendered, RenderedPage } from './dialect'
import type { ValidInput } from './read-input'
import { FileAnswer, Redirect, TextStream } from './request-context'
import type { HeaderValue } from './wire'

/** What came out of the walk's steps, before the common headers. */
export interface Answer {
  readonly status: number
  /** JSON, unless the headers say otherwise, or nothing. */
  readonly body: string | Uint8Array | AsyncIterable<string> | undefined
  readonly headers?: Readonly<Record<string, HeaderValue>>
}

export const toAnswer = (
  rendered: Rendered | RenderedPage,
  headers?: Readonly<Record<string, HeaderValue>>,
): Answer =>
  'html' in rendered
    ? { status: rendered.status, body: rendered.html, headers: { ...rendered.headers, ...headers } }
    : {
        status: rendered.status,
        body: rendered.status === 204 ? undefined : JSON.stringify(rendered.body),
        ...(headers && { headers }),
      }

const file = ({ status }: Endpoint, { contentType, fileName, bytes }: FileAnswer): Answer => ({
  status,
  body: bytes,
  headers: { 'Content-Type': contentType, 'Content-Disposition': `inline; filename="${fileName}"` },
})

const redirect = ({ location }: Redirect): Answer => {
  validateHeaderValue('Location', location)
  return { status: 302, body: undefined, headers: { Location: location } }
}

async function* nothing(): AsyncGenerator<string, void, undefined> {}

const stream = async (
  { status }: Endpoint,
  { contentType, fileName, open }: TextStream,
  isHead: boolean,
): Promise<Answer> => {
  const disposition = `attachment; filename="${fileName}"`
  const headers = { 'Content-Type': contentType, 'Content-Disposition': disposition }
  return { status, body: isHead ? nothing() : await open(), headers }
}

/** Answers to objects that never change, each with the endpoint that it answers and the dialect that made it. */
const kept = new WeakMap<
  object,
  { readonly endpoint: Endpoint; readonly dialect: Dialect; readonly answer: Answer }
>()

/** A frozen output is what it was the last time: its text is kept with it. */
const renderOnce = (endpoint: Endpoint, dialect: Dialect, output: unknown): Answer => {
  const renderNow = () =>
    toAnswer(dialect.renderSuccess(endpoint, endpoint.response.parse(output), undefined))
  if (typeof output !== 'object' || output === null || !Object.isFrozen(output)) return renderNow()
  const known = kept.get(output)
  if (known?.endpoint === endpoint && known.dialect === dialect) return known.answer
  const answer = renderNow()
  kept.set(output, { endpoint, dialect, answer })
  return answer
}

/**
 * What a handler gave back, parsed by the endpoint's `response`, in the shape of the dialect; a stream as it is.
 * @param isHead nobody will read the body
 */
export const renderAnswer = (
  endpoint: Endpoint,
  dialect: Dialect,
  { query }: ValidInput,
  output: unknown,
  isHead: boolean,
): Answer | Promise<Answer> => {
  if (output instanceof Redirect) return redirect(output)
  if (output instanceof FileAnswer) return file(endpoint, output)
  if (output instanceof TextStream) return stream(endpoint, output, isHead)
  if (!endpoint.paged) return renderOnce(endpoint, dialect, output)
  const { items, total } = output as { items: unknown[]; total: number }
  const { offset, limit } = query as { offset: number; limit: number }
  const meta: PageMeta = { total, offset, limit, hasMore: offset + items.length < total }
  return toAnswer(dialect.renderSuccess(endpoint, endpoint.response.parse(items), meta))
}
