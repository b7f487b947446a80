import { DEVICE_COOKIE, SECURE_SESSION_COOKIE, SESSION_COOKIE } from '@snoop/sdk/contract'

const SESSION_COOKIES: readonly unknown[] = [SESSION_COOKIE, SECURE_SESSION_COOKIE]
const DEVICE_COOKIES: readonly unknown[] = [DEVICE_COOKIE, `__Host-${DEVICE_COOKIE}`]

/** A cookie as tough-cookie writes it down. */
interface SerializedCookie {
  readonly key?: unknown
  readonly value?: unknown
  /** ISO time */
  readonly expires?: unknown
  /** Seconds from `lastAccessed`, an ISO time. Counts before `expires` (RFC 6265, 5.3). */
  readonly maxAge?: unknown
  /** When it was set or sent last: `creation` stays that of the first cookie of its name (RFC 6265, 5.3, 11). */
  readonly lastAccessed?: unknown
}

/** What a jar holds of the session: its cookie and when that ends. */
export interface SessionCookie {
  readonly value: string
  /** ISO time; undefined for a cookie that ends with the program. */
  readonly expiresAt: string | undefined
}

const expiryOf = ({ expires, maxAge, lastAccessed }: SerializedCookie): string | undefined => {
  if (typeof maxAge === 'number' && typeof lastAccessed === 'string') {
    return new Date(Date.parse(lastAccessed) + maxAge * 1000).toISOString()
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

/**
 * @param serializedJar as it is right after the server set a cookie
 * @returns undefined if there is no session cookie in the jar: the server took it back, or never gave one
 */
export const readSessionCookie = (serializedJar: string): SessionCookie | undefined => {
  const cookie = readCookies(serializedJar).find(({ key }) => SESSION_COOKIES.includes(key))
  return typeof cookie?.value === 'string' ? { value: cookie.value, expiresAt: expiryOf(cookie) } : undefined
}

const writeJar = (cookies: readonly SerializedCookie[]): string => JSON.stringify({ cookies })

/** One jar with the cookies of all; null is an empty one. */
export const joinJars = (...serializedJars: readonly (string | null)[]): string =>
  writeJar(serializedJars.flatMap(jar => (jar === null ? [] : readCookies(jar))))

/** The jar as it is kept: what belongs to the session, and what outlives it. `device` is null if nothing does. */
export const splitJar = (
  serializedJar: string,
): { readonly session: string; readonly device: string | null } => {
  const cookies = readCookies(serializedJar)
  const device = cookies.filter(({ key }) => DEVICE_COOKIES.includes(key))
  return {
    session: writeJar(cookies.filter(cookie => !device.includes(cookie))),
    device: device.length === 0 ? null : writeJar(device),
  }
}

/** What a `Set-Cookie` header is about. */
export const subjectOfCookie = (setCookie: string): 'session' | 'device' | undefined => {
  const name = setCookie.slice(0, setCookie.indexOf('=')).trim()
  if (SESSION_COOKIES.includes(name)) return 'session'
  return DEVICE_COOKIES.includes(name) ? 'device' : undefined
}
