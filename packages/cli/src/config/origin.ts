import { usageError } from '../cli-error'

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * The origin of a server from what a person wrote. Plain HTTP is taken for this machine alone: elsewhere it would
 * send passwords and keys in the clear.
 * @param source where the text came from, for the message
 * @throws CliError (exit 2) if it is not such an address
 */
export const parseOrigin = (text: string, source: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw usageError(`The server's address must start with https:// or http:// (${source}).`)
  }
  if (url.username || url.password)
    throw usageError(`The server's address must not hold a password (${source}).`)
  if (url.pathname !== '/' || url.search || url.hash) {
    throw usageError(`The server's address must have no path (${source}).`, `Use ${url.origin}`)
  }
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    throw usageError(
      `${url.origin} would send your credentials unencrypted (${source}).`,
      `Use https://${url.host}`,
    )
  }
  return url.origin
}
