import { API_KEY_HEADER } from '../contract'
import type { ClientOptions } from './client-types'
import type { CookieJar } from './cookie-jar'

/** The one thing that a client proves itself by. */
export type Credential =
  | { readonly kind: 'none' }
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'cookies'; readonly jar: CookieJar }

/** Headers that only `createClient` may set, so that no request carries two credentials. */
export const CREDENTIAL_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  API_KEY_HEADER.toLowerCase(),
])

const readSecret = (optionName: string, secret: string): string => {
  if (typeof secret !== 'string' || secret.trim() === '') throw new TypeError(`\`${optionName}\` is blank`)
  if (!/^[\x21-\x7e]+$/.test(secret)) {
    throw new TypeError(`\`${optionName}\` has a space, a line break or another character that none has`)
  }
  return secret
}

/** @throws TypeError if more than one credential is given, or one that no request can carry; never quotes it */
export const readCredential = ({ apiKey, accessToken, cookieJar }: ClientOptions): Credential => {
  const given = Object.entries({ apiKey, accessToken, cookieJar }).filter(([, value]) => value !== undefined)
  if (given.length > 1) {
    const names = given.map(([name]) => `\`${name}\``).join(' and ')
    throw new TypeError(`Give one credential, not ${names}: they are never merged`)
  }
  if (apiKey !== undefined) {
    return { kind: 'header', name: API_KEY_HEADER.toLowerCase(), value: readSecret('apiKey', apiKey) }
  }
  if (accessToken !== undefined) {
    return {
      kind: 'header',
      name: 'authorization',
      value: `Bearer ${readSecret('accessToken', accessToken)}`,
    }
  }
  return cookieJar === undefined ? { kind: 'none' } : { kind: 'cookies', jar: cookieJar }
}

/**
 * The headers that carry the credential to `url`; a jar decides by itself which cookies go there.
 * @param keyAsBearer the place for a key is `Authorization`
 */
export const credentialHeaders = async (
  credential: Credential,
  url: URL,
  keyAsBearer = false,
): Promise<Record<string, string>> => {
  switch (credential.kind) {
    case 'none':
      return {}
    case 'header':
      return keyAsBearer && credential.name !== 'authorization'
        ? { authorization: `Bearer ${credential.value}` }
        : { [credential.name]: credential.value }
    case 'cookies': {
      const cookie = await credential.jar.getCookieString(url.href)
      return cookie === '' ? {} : { cookie }
    }
  }
}

/** Puts the cookies of an answer from `url` into the jar, if there is one. */
export const keepCookies = async (
  credential: Credential,
  url: URL,
  setCookie: readonly string[],
): Promise<void> => {
  if (credential.kind !== 'cookies') return
  for (const cookie of setCookie) await credential.jar.setCookie(cookie, url.href)
}
