import { SECURE_SESSION_COOKIE, SESSION_COOKIE } from '@snoop/sdk/contract'

/** A cookie as tough-cookie writes it down. */
interface SerializedCookie {
  readonly key?: unknown
  readonly value?: unknown
  /** ISO time */
  readonly expires?: unknown
  /** Seconds from `creation`, an ISO time. Counts before `expires` (RFC 6265, 5.3). */
  readonly maxAge?: unknown
  readonly creation?: unknown
}

/** What a jar holds of the session: its cookie and when that ends. */
export interface SessionCookie {
  readonly value: string
  /** ISO time; undefined for a cookie that ends with the program. */
  readonly expiresAt: string | undefined
}

const expiryOf = ({ expires, maxAge, creation }: SerializedCookie): string | undefined => {
  if (typeof maxAge === 'number' && typeof creation === 'string') {
    return new Date(Date.parse(creation) + maxAge * 1000).toISOString()
  }
  return typeof expires === 'string' && !Number.isNaN(Date.parse(expires)) ? expires : undefined
}

const readCookies = (serializedJar: string): readonly SerializedCookie[] => {
  try {
    const { cookies } = JSON.parse(serializedJar)
    return Array.isArray(cookies) ? cookies : []
  } catch {
    return []
  }
}

/** @returns undefined if there is no session cookie in the jar: the server took it back, or never gave one */
export const readSessionCookie = (serializedJar: string): SessionCookie | undefined => {
  const cookie = readCookies(serializedJar).find(
    ({ key }) => key === SESSION_COOKIE || key === SECURE_SESSION_COOKIE,
  )
  return typeof cookie?.value === 'string' ? { value: cookie.value, expiresAt: expiryOf(cookie) } : undefined
}
