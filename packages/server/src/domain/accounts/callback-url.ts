import type { DomainSettings } from '../domain-context'
import { invalidField } from '../domain-error'

/**
 * Where a link in a mail may lead to in the end: a path on the public origin, or a URL at a trusted one. Everything
 * is resolved by the URL parser first, so that `//evil`, `/\evil`, `https://good@evil` and the like are seen as what
 * a browser makes of them.
 * @returns the absolute URL
 * @throws DomainError VALIDATION_ERROR for `callbackURL`
 */
export const resolveCallbackUrl = (callbackUrl: string, settings: DomainSettings): string => {
  const url = URL.canParse(callbackUrl, settings.origin) ? new URL(callbackUrl, settings.origin) : undefined
  const isTrusted = url && (url.origin === settings.origin || settings.trustedOrigins.includes(url.origin))
  if (!url || !isTrusted || url.username || url.password) {
    throw invalidField(
      'callbackURL',
      'Must be a path, or a URL at the origin of this server or at a trusted origin',
    )
  }
  return url.href
}
