import type { SignInOutcome } from '../../domain/sign-in/complete-sign-in'
import { Redirect, type RequestContext } from '../../http/request-context'

/**
 * Sends the browser on, with session and device in its cookies. What is still to be proved goes into the fragment, which
 * reaches neither a log nor another site.
 * @param callbackUrl absolute
 */
export const redirectSignIn = (
  request: RequestContext,
  outcome: SignInOutcome,
  callbackUrl: string,
): Redirect => {
  if (outcome.outcome === 'signed-in') {
    request.setSession(outcome.opened)
    request.setDevice(outcome.deviceToken)
    return new Redirect(callbackUrl)
  }
  const url = new URL(callbackUrl)
  const { challengeToken, factors } = outcome
  url.hash = `twoFactorRequired=true&challengeToken=${challengeToken}&methods=${factors.join(',')}`
  return new Redirect(url.href)
}
