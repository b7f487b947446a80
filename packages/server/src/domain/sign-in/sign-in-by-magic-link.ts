import { proveEmailAddress } from '../accounts/prove-email-address'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { useLink } from '../links/use-link'
import { forgetPasswordGuesses } from '../passwords/forget-password-guesses'
import { completeSignIn, type SignInOutcome } from './complete-sign-in'
import type { Visit } from './visit'

export interface MagicLinkSignIn {
  readonly outcome: SignInOutcome
  /** Where the browser is to go in the end. */
  readonly callbackUrl: string | null
}

/**
 * Signs in by the token of a link from the mail: once, within 5 minutes, and only while the account has the address that
 * it was sent to. It proves the mailbox, so the address is verified by it.
 * @throws DomainError INVALID_TOKEN, USER_NOT_ACTIVE
 */
export const signInByMagicLink = async (
  context: DomainContext,
  token: string,
  visit: Visit,
): Promise<MagicLinkSignIn> => {
  const signedIn = await useLink(context, token, ['magic-link'], async (stores, link, found) => {
    if (found.is_active === 0) throw new DomainError('USER_NOT_ACTIVE')
    const user = await proveEmailAddress(context, stores, found)
    await forgetPasswordGuesses(context, stores, user)
    const firstFactor = { method: 'magic-link', remember: link.remember === 1 } as const
    const outcome = await completeSignIn(context, stores, user, firstFactor, visit)
    return { outcome, callbackUrl: link.callback_url }
  })
  context.mailer.wake()
  return signedIn
}
