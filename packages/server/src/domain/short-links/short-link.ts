import type { LinkRow } from '../../storage/stores/link-store'
import type { DomainContext } from '../domain-context'

export type ShortLink = LinkRow

/** The path that short URLs begin with. */
const SHORT_PATH = 's'

/** Where a short link is opened. */
export const shortUrl = ({ settings }: Pick<DomainContext, 'settings'>, alias: string): string =>
  `${settings.origin}/${SHORT_PATH}/${alias}`

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Whatever scheme and port: there may be a proxy that leads back here. */
const isSameHost = (a: string, b: string): boolean => {
  const [first, second] = [a, b].map(host => host.replace(/\.$/, ''))
  return first === second || (LOOPBACK.has(a) && LOOPBACK.has(b))
}

const firstSegment = (path: string): string => {
  const segment = path.split('/').find(Boolean) ?? ''
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** Whether a URL is one of our own short URLs, through which a redirect could go round in a circle. */
export const isShortUrl = ({ settings }: Pick<DomainContext, 'settings'>, url: URL): boolean =>
  isSameHost(url.hostname, new URL(settings.origin).hostname) && firstSegment(url.pathname) === SHORT_PATH
