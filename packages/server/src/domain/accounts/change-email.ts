import { normalizeEmail } from '@snoop/sdk/contract'
import { composeAddressTakenMail } from '../../mail/compose-address-taken-mail'
import { composeEmailChangeMail } from '../../mail/compose-email-change-mail'
import type { Stores } from '../../storage/storage'
import type { LinkTokenRow } from '../../storage/stores/link-token-store'
import type { UserRow } from '../../storage/stores/user-store'
import { findUniqueViolation } from '../../storage/unique-violation'
import type { DomainContext } from '../domain-context'
import { conflict, DomainError } from '../domain-error'
import { passwordSubject } from '../guesses/take-guess'
import { makeLink } from '../links/make-link'
import type { SessionPrincipal } from '../principals/principal'
import { endOtherProofs } from '../sessions/end-other-proofs'
import { withActiveUserLocked } from '../with-active-user-locked'
import { resolveCallbackUrl } from './callback-url'
import { putSecurityNotice } from './put-security-notice'
import type { VerifiedAddress } from './verification-mail'

/**
 * Asks at another address to become that of the account; the old one is told at once. If the address belongs to somebody
 * they are told instead: the caller cannot tell which of the two happened. A link is made in both cases, and sent to
 * nobody in the second, so that both are the same work.
 * @throws DomainError CONFLICT for the address that the account has; VALIDATION_ERROR for a foreign `callbackURL`
 */
export const changeEmail = async (
  context: DomainContext,
  { userId, session }: SessionPrincipal,
  input: { readonly newEmail: string; readonly callbackUrl: string | undefined },
): Promise<void> => {
  const { mailer, settings, logger } = context
  const newEmail = normalizeEmail(input.newEmail)
  const callbackUrl = input.callbackUrl === undefined ? null : resolveCallbackUrl(input.callbackUrl, settings)
  await withActiveUserLocked(context, userId, async (stores, user) => {
    if (user.email === newEmail) throw conflict('email', 'This is your address already')
    const owner = await stores.users.findByEmail(newEmail)
    const link = await makeLink(context, stores, {
      userId,
      purpose: 'change-email',
      email: newEmail,
      callbackUrl,
      sessionId: session.id,
      remember: true,
    })
    const recipient = { origin: settings.origin, to: newEmail, name: (owner ?? user).full_name }
    const mail = owner
      ? composeAddressTakenMail(recipient)
      : composeEmailChangeMail({ ...recipient, ...link })
    await mailer.put(stores, mail)
    await putSecurityNotice(context, stores, user, { kind: 'email-change-requested', newEmail })
  })
  mailer.wake()
  logger.info({ event: 'account.email_change_requested', userId }, 'another e-mail address was asked for')
}

const setAddress = async (stores: Stores, userId: string, email: string, now: number): Promise<void> => {
  try {
    await stores.users.update(userId, { email, email_verified_at: now, updated_at: now })
  } catch (error) {
    // Somebody else took the address since the link was sent.
    if (findUniqueViolation(error)) throw new DomainError('INVALID_TOKEN', { cause: error })
    throw error
  }
}

/**
 * What opening the link to a new address does, in the transaction that uses it up: the account has the address from now
 * on, every session but the one that asked for it ends, and the old address is told.
 * @throws DomainError INVALID_TOKEN if the account is disabled or the address belongs to somebody by now
 */
export const finishEmailChange = async (
  context: DomainContext,
  stores: Stores,
  { email, session_id, callback_url }: LinkTokenRow,
  user: UserRow,
): Promise<VerifiedAddress> => {
  if (user.is_active === 0) throw new DomainError('INVALID_TOKEN')
  const now = context.clock()
  await setAddress(stores, user.id, email, now)
  await endOtherProofs(context, stores, user.id, session_id ?? undefined)
  // Sent to the old address, which is nobody's proof any more.
  await stores.linkTokens.deleteUnused(user.id, ['verify-email'])
  await stores.guessCounters.delete([passwordSubject(context, email)])
  await putSecurityNotice(context, stores, user, { kind: 'email-changed', newEmail: email })
  context.logger.info({ event: 'account.email_changed', userId: user.id }, 'e-mail address changed')
  return { email, verifiedAt: now, callbackUrl: callback_url }
}
