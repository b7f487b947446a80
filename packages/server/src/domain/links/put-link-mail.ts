import { composeMagicLinkMail } from '../../mail/compose-magic-link-mail'
import { composePasswordResetMail } from '../../mail/compose-password-reset-mail'
import { composeVerificationMail } from '../../mail/compose-verification-mail'
import type { Stores } from '../../storage/storage'
import type { UserRow } from '../../storage/stores/user-store'
import type { DomainContext } from '../domain-context'
import { makeLink } from './make-link'

const COMPOSE = {
  'verify-email': composeVerificationMail,
  'reset-password': composePasswordResetMail,
  'magic-link': composeMagicLinkMail,
}

export interface LinkMail {
  readonly purpose: keyof typeof COMPOSE
  readonly callbackUrl: string | null
  readonly remember: boolean
}

/** Puts a mail with a new link to the address of an account into the outbox. Call with the user locked. */
export const putLinkMail = async (
  context: DomainContext,
  stores: Stores,
  user: Pick<UserRow, 'id' | 'email' | 'full_name'>,
  mail: LinkMail,
): Promise<void> => {
  const { mailer, settings } = context
  const link = await makeLink(context, stores, {
    ...mail,
    userId: user.id,
    email: user.email,
    sessionId: null,
  })
  const recipient = { origin: settings.origin, to: user.email, name: user.full_name }
  await mailer.put(stores, COMPOSE[mail.purpose]({ ...recipient, ...link }))
}
