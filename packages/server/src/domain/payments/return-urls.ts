import { resolveCallbackUrl } from '../accounts/callback-url'
import type { DomainSettings } from '../domain-context'

/** Where the browser goes from the page of the payment. */
export interface ReturnUrls {
  readonly successUrl: string
  readonly cancelUrl: string
}

/** As absolute URLs. @throws DomainError VALIDATION_ERROR for one at an origin that is not trusted */
export const resolveReturnUrls = (
  { successUrl, cancelUrl }: ReturnUrls,
  settings: DomainSettings,
): ReturnUrls => ({
  successUrl: resolveCallbackUrl(successUrl, settings, 'successUrl'),
  cancelUrl: resolveCallbackUrl(cancelUrl, settings, 'cancelUrl'),
})

/** A success URL with the id of its checkout, by which the page that is shown there can have it verified. */
export const withSessionId = (successUrl: string, sessionId: string): string => {
  const url = new URL(successUrl)
  url.searchParams.set('session_id', sessionId)
  return url.href
}
