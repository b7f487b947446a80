import { SECURE_SESSION_COOKIE, SESSION_COOKIE } from '@snoop/sdk/contract'

/** Over HTTPS only the `__Host-` name counts: no subdomain and no plain page can set it (RFC 6265bis, 4.1.3.2). */
export const sessionCookieName = (isSecure: boolean): string =>
  isSecure ? SECURE_SESSION_COOKIE : SESSION_COOKIE

/** The value of a cookie by exact name; of several the first, as a browser sends the most specific first. */
export const readCookie = (header: string | undefined, name: string): string | undefined => {
  if (!header) return undefined
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return undefined
}

/** A `Set-Cookie` for the session. @param maxAgeSeconds undefined: it ends with the browser; 0: it goes now */
export const serializeSessionCookie = (
  value: string,
  isSecure: boolean,
  maxAgeSeconds: number | undefined,
): string => {
  const parts = [`${sessionCookieName(isSecure)}=${value}`, 'Path=/', 'HttpOnly', 'SameSite=Lax']
  if (isSecure) parts.push('Secure')
  if (maxAgeSeconds !== undefined) parts.push(`Max-Age=${maxAgeSeconds}`)
  return parts.join('; ')
}
