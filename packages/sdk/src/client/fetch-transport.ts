import { neverSent } from './connection-failure'
import type { Transport, TransportRequest, TransportResponse } from './transport'

/** Not every browser can iterate a body itself. */
async function* readChunks(body: Response['body']): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body?.getReader()
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done) return
    yield value
  }
}

/** Sends by a given `fetch`: a browser's, a test's, one with its own dispatcher. */
export const createFetchTransport = (fetch: typeof globalThis.fetch): Transport => ({
  async send({ method, url, headers, body, signal }: TransportRequest): Promise<TransportResponse> {
    const response = await fetch(url.href, {
      method,
      headers,
      body: body ?? null,
      signal,
      redirect: 'manual',
    })
    const { 'set-cookie': _, ...plainHeaders } = Object.fromEntries(response.headers)
    return {
      status: response.status,
      headers: plainHeaders,
      setCookie: response.headers.getSetCookie(),
      text: () => response.text(),
      chunks: () => readChunks(response.body),
    }
  },
  requestNeverSent: neverSent,
  close: async () => {},
})
