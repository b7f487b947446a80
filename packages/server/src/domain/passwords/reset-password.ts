import { proveEmailAddress } from '../accounts/prove-email-address'
import { putSecurityNotice } from '../accounts/put-security-notice'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { findLink, useLink } from '../links/use-link'
import { hashNewPassword, setPassword } from './set-password'

/**
 * Where the link of a reset mail leads to: the page that was asked for, or one of this server, with the token in the
 * fragment, which reaches no log and no other site. Uses nothing up.
 * @returns an absolute URL
 * @throws DomainError INVALID_TOKEN
 */
export const openPasswordResetLink = async (context: DomainContext, token: string): Promise<string> => {
  const { callback_url } = await findLink(context, token, ['reset-password'])
  const url = new URL(callback_url ?? '/reset-password', context.settings.origin)
  url.hash = `token=${token}`
  return url.href
}

/**
 * Sets a password by the token from the mail: once, within an hour, and only while the account has the address that it was
 * sent to. Every session ends, every other link is dead; a second factor is still asked for at the next sign-in.
 * @throws DomainError INVALID_TOKEN; VALIDATION_ERROR for a common password, which leaves the link unused;
 *   SERVICE_UNAVAILABLE
 */
export const resetPassword = async (
  context: DomainContext,
  token: string,
  newPassword: string,
): Promise<void> => {
  const { clock, mailer, logger } = context
  // Before the hash, which is dear: a made-up token costs a look-up.
  await findLink(context, token, ['reset-password'])
  const passwordHash = await hashNewPassword(context, newPassword)
  await useLink(context, token, ['reset-password'], async (stores, _link, found) => {
    if (found.is_active === 0) throw new DomainError('INVALID_TOKEN')
    const user = await proveEmailAddress(context, stores, found)
    await setPassword(context, stores, user, passwordHash, undefined)
    const liveKeys = await stores.apiKeys.countLive(user.id, clock())
    await putSecurityNotice(context, stores, user, { kind: 'password-reset', liveKeys })
    logger.info({ event: 'account.password_reset', userId: user.id }, 'password reset')
  })
  mailer.wake()
}
