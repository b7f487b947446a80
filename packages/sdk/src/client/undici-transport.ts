import type { Dispatcher } from 'undici'
import { neverSent } from './connection-failure'
import type { Transport, TransportRequest, TransportResponse } from './transport'

const loadUndici = async () => {
  const { EnvHttpProxyAgent, request } = await import('undici')
  // The client's own deadlines rule; undici's would cut off a longer `timeoutMs`.
  return { request, dispatcher: new EnvHttpProxyAgent({ headersTimeout: 0, bodyTimeout: 0 }) }
}

const joinHeaders = (headers: Dispatcher.ResponseData['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || name === 'set-cookie'
        ? []
        : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )

const asList = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]

/**
 * Sends by undici, which is loaded with the first request, over kept connections of its own. Honours `HTTP_PROXY`,
 * `HTTPS_PROXY` and `NO_PROXY`. An idle connection does not keep the process alive.
 */
export const createUndiciTransport = (): Transport => {
  let loading: ReturnType<typeof loadUndici> | undefined
  return {
    async send({ method, url, headers, body, signal }: TransportRequest): Promise<TransportResponse> {
      loading ??= loadUndici()
      const { request, dispatcher } = await loading
      const response = await request(url, {
        method: method as Dispatcher.HttpMethod,
        headers,
        body: body ?? null,
        signal,
        dispatcher,
      })
      return {
        status: response.statusCode,
        headers: joinHeaders(response.headers),
        setCookie: asList(response.headers['set-cookie']),
        text: () => response.body.text(),
        chunks: () => response.body,
      }
    },
    requestNeverSent: neverSent,
    async close() {
      const loaded = await loading
      loading = undefined
      await loaded?.dispatcher.close()
    },
  }
}
