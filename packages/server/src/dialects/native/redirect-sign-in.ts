import type { SignInOutcome } from '../../domain/sign-in/complete-sign-in'
import { Redirect, type RequestContext } from '../../http/request-context'

/**
 * Where the browser goes after a first factor. What is still to be proved goes into the fragment, which reaches neither a
 * log nor another site.
 * @param callbackUrl absolute
 */
export const locateSignIn = (outcome: SignInOutcome, callbackUrl: string): string => {
  if (outcome.outcome === 'signed-in') return callbackUrl
  const url = new URL(callbackUrl)
  const { challengeToken, factors } = outcome
  url.hash = `twoFactorRequired=true&challengeToken=${challengeToken}&methods=${factors.join(',')}`
  return url.href
}

/** Sends the browser on, with session and device in its cookies. @param callbackUrl absolute */
export const redirectSignIn = (
  request: RequestContext,
  outcome: SignInOutcome,
  callbackUrl: string,
): Redirect => {
  if (outcome.outcome === 'signed-in') {
    request.setSession(outcome.opened)
    request.setDevice(outcome.deviceToken)
  }
  return new Redirect(locateSignIn(outcome, callbackUrl))
}
