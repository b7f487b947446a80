/** What a client needs to keep a session. A `CookieJar` of tough-cookie fits too. */
export interface CookieJar {
  getCookieString(url: string): Promise<string>
  setCookie(cookie: string, url: string): Promise<unknown>
}

/** A cookie jar that can be written down. Nothing of it shows when it is logged. */
export interface SnoopCookieJar extends CookieJar {
  serialize(): string
}

const loadJar = async (serialized: string | undefined) => {
  const { CookieJar, MemoryCookieStore } = await import('tough-cookie')
  const store = new MemoryCookieStore()
  if (serialized !== undefined) CookieJar.deserializeSync(serialized, store)
  // Not the serialized settings: what was stored must not be able to weaken the jar.
  return new CookieJar(store, { prefixSecurity: 'strict', allowSecureOnLocal: false })
}

/** Loads tough-cookie when a cookie is first needed, so that programs without a session never pay for it. */
class LazyCookieJar implements SnoopCookieJar {
  readonly #initial: string | undefined
  #loading: ReturnType<typeof loadJar> | undefined
  #jar: Awaited<ReturnType<typeof loadJar>> | undefined

  constructor(serialized: string | undefined) {
    this.#initial = serialized
  }

  async getCookieString(url: string): Promise<string> {
    return (await this.#load()).getCookieString(url)
  }

  /** A cookie that breaks the rules (a `__Host-` name over plain HTTP) is dropped, as browsers do. */
  async setCookie(cookie: string, url: string): Promise<void> {
    await (await this.#load()).setCookie(cookie, url, { ignoreError: true })
  }

  serialize(): string {
    return this.#jar ? JSON.stringify(this.#jar.serializeSync()) : (this.#initial ?? emptyJar)
  }

  async #load() {
    this.#loading ??= loadJar(this.#initial)
    this.#jar = await this.#loading
    return this.#jar
  }
}

const emptyJar = JSON.stringify({ cookies: [] })

const holdsCookies = (serialized: string): boolean => {
  try {
    return Array.isArray((JSON.parse(serialized) as { cookies?: unknown } | null)?.cookies)
  } catch {
    return false
  }
}

/**
 * A jar for `createClient({ cookieJar })`: empty, or as `serializeCookieJar` wrote it down. `__Host-` and `Secure`
 * cookies never travel over plain HTTP (RFC 6265bis), not to localhost either.
 * @throws TypeError if the text is not a serialized jar; the text is not part of the message
 */
export const createCookieJar = (serialized?: string): SnoopCookieJar => {
  if (serialized !== undefined && !holdsCookies(serialized)) {
    throw new TypeError('This is not a serialized cookie jar')
  }
  return new LazyCookieJar(serialized)
}

/** Writes the jar down as JSON text. It holds the session: keep it where you would keep a password. */
export const serializeCookieJar = (jar: SnoopCookieJar): string => jar.serialize()
