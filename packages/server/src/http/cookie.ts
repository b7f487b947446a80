import { SESSION_COOKIE } from '@snoop/sdk/contract'

/** Over HTTPS only the `__Host-` name counts: no subdomain and no plain page can set it (RFC 6265bis, 4.1.3.2). */
export const cookieName = (name: string, isSecure: boolean): string => (isSecure ? `__Host-${name}` : name)

export const sessionCookieName = (isSecure: boolean): string => cookieName(SESSION_COOKIE, isSecure)

/** The value of a cookie by exact name; of several the first, as a browser sends the most specific first. */
export const readCookie = (header: string | undefined, name: string): string | undefined => {
  if (!header) return undefined
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return undefined
}

/**
 * A `Set-Cookie` for this host alone that no script can read.
 * @param name without `__Host-`
 * @param maxAgeSeconds undefined: it ends with the browser; 0: it goes now
 */
export const serializeCookie = (
  name: string,
  value: string,
  isSecure: boolean,
  maxAgeSeconds: number | undefined,
): string => {
  const parts = [`${cookieName(name, isSecure)}=${value}`, 'Path=/', 'HttpOnly', 'SameSite=Lax']
  if (isSecure) parts.push('Secure')
  if (maxAgeSeconds !== undefined) parts.push(`Max-Age=${maxAgeSeconds}`)
  return parts.join('; ')
}
