import type { DomainSettings } from '../domain-context'
import { invalidField } from '../domain-error'
import { isShortUrl } from '../short-links/short-link'

/**
 * Where a link in a mail may lead to in the end: a path on the public origin, or a URL at a trusted one. Everything
 * is resolved by the URL parser first, so that `//evil`, `/\evil`, `https://good@evil` and the like are seen as what
 * a browser makes of them.
 * @param field the name that the caller gave it by
 * @returns the absolute URL
 * @throws DomainError VALIDATION_ERROR for `field`
 */
export const resolveCallbackUrl = (
  callbackUrl: string,
  settings: DomainSettings,
  field = 'callbackURL',
): string => {
  const url = URL.canParse(callbackUrl, settings.origin) ? new URL(callbackUrl, settings.origin) : undefined
  // Not `url.origin`: a blob: URL has the origin of the page that made it.
  const place = url && `${url.protocol}//${url.host}`
  const isTrusted = place === settings.origin || settings.trustedOrigins.some(origin => origin === place)
  if (!url || !isTrusted || url.username || url.password) {
    throw invalidField(field, 'Must be a path, or a URL at the origin of this server or at a trusted origin')
  }
  // A browser takes a fragment along, and with it the token of a mail, to wherever a short link leads.
  if (isShortUrl({ settings }, url))
    throw invalidField(field, 'Must not be a short URL: give the URL that it leads to')
  return url.href
}
