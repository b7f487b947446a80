import type { Stores } from '../../storage/storage'
import type { LinkTokenRow } from '../../storage/stores/link-token-store'
import type { UserRow } from '../../storage/stores/user-store'
import type { DomainContext } from '../domain-context'
import { putLinkMail } from '../links/put-link-mail'
import { useLink } from '../links/use-link'
import { finishEmailChange } from './change-email'

/** Puts a mail with a new link into the outbox; links sent before are dead. */
export const putVerificationMail = (
  context: DomainContext,
  stores: Stores,
  user: Pick<UserRow, 'id' | 'email' | 'full_name'>,
  callbackUrl: string | null,
): Promise<void> =>
  putLinkMail(context, stores, user, { purpose: 'verify-email', callbackUrl, remember: true })

export interface VerifiedAddress {
  readonly email: string
  /** Milliseconds since 1970. */
  readonly verifiedAt: number
  readonly callbackUrl: string | null
}

const markVerified = async (
  { clock, logger }: DomainContext,
  stores: Stores,
  link: LinkTokenRow,
  user: UserRow,
): Promise<VerifiedAddress> => {
  const verifiedAt = user.email_verified_at ?? clock()
  if (user.email_verified_at === null) {
    await stores.users.update(user.id, { email_verified_at: verifiedAt, updated_at: verifiedAt })
  }
  logger.info({ event: 'account.email_verified', userId: user.id }, 'e-mail address verified')
  return { email: user.email, verifiedAt, callbackUrl: link.callback_url }
}

/**
 * Takes the token of a link to a first address or to a new one: once, within 24 hours, and as long as the account has the
 * first address, or the new one is free.
 * @throws DomainError INVALID_TOKEN
 */
export const verifyEmail = async (context: DomainContext, token: string): Promise<VerifiedAddress> => {
  const verified = await useLink(context, token, ['verify-email', 'change-email'], (stores, link, user) =>
    link.purpose === 'change-email'
      ? finishEmailChange(context, stores, link, user)
      : markVerified(context, stores, link, user),
  )
  context.mailer.wake()
  return verified
}
