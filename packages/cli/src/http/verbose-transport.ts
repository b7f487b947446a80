import type { Transport } from '@snoop/sdk'

/** The path of an invitation holds its token. */
const withoutToken = (path: string): string => path.replace(/^(\/api\/user\/invites\/)[^/]+/, '$1…')

/**
 * Names every exchange: method, path, status, time and request id. Nothing else: no query (links carry tokens), no
 * header, no body.
 */
export const verboseTransport = (
  inner: Transport,
  now: () => number,
  log: (line: string) => void,
): Transport => ({
  ...inner,
  async send(request) {
    const startedMs = now()
    const what = `${request.method} ${withoutToken(request.url.pathname)}`
    try {
      const response = await inner.send(request)
      const id = response.headers['x-request-id']
      log(`${what} ${response.status} ${now() - startedMs} ms${id === undefined ? '' : ` ${id}`}`)
      return response
    } catch (error) {
      log(`${what} failed after ${now() - startedMs} ms`)
      throw error
    }
  },
})
