/** Where a request through the proxy is to go. */
export interface ProxyTarget {
  /** A name, or an IP address without brackets. */
  readonly host: string
  readonly port: number
  /** Host and port as a URL of the scheme has them. */
  readonly authority: string
  /** Path and query; empty for a tunnel. */
  readonly path: string
}

const MAX_PORT = 65_535

const targetOf = (url: URL, port: number, path: string): ProxyTarget | undefined => {
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
  if (host === '' || port < 1 || port > MAX_PORT) return undefined
  return { host, port, authority: `${url.hostname}:${port}`, path }
}

/** The target of a plain request: RFC 9112, section 3.2.2. @returns undefined if it is none */
export const readAbsoluteForm = (text: string): ProxyTarget | undefined => {
  if (!/^http:\/\//i.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  return targetOf(url, url.port === '' ? 80 : Number(url.port), `${url.pathname}${url.search}`)
}

/** The target of CONNECT: RFC 9112, section 3.2.3. @returns undefined if it is none */
export const readAuthorityForm = (text: string): ProxyTarget | undefined => {
  const match = /^([^\s/?#@\\]+):(\d{1,5})$/.exec(text)
  if (!match || !URL.canParse(`http://${match[1]}`)) return undefined
  const url = new URL(`http://${match[1]}`)
  return url.port === '' ? targetOf(url, Number(match[2]), '') : undefined
}

/** Host and port of a page, as in `ProxyTarget`. */
export const authorityOf = ({ protocol, hostname, port }: URL): string =>
  `${hostname}:${port || (protocol === 'https:' || protocol === 'wss:' ? '443' : '80')}`
