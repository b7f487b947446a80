import { normalizeEmail } from '@snoop/sdk/contract'
import { resolveCallbackUrl } from '../accounts/callback-url'
import type { DomainContext } from '../domain-context'
import type { LinkMail } from '../links/put-link-mail'

export interface MailRequest {
  readonly purpose: LinkMail['purpose']
  readonly email: string
  /** As the caller gave it. */
  readonly callbackUrl: string | undefined
  /** For a link that signs in: whether its session outlives the browser. */
  readonly remember: boolean
}

/**
 * Notes that somebody wants a mail with a link. Whether the address belongs to an account is found out later, by a job:
 * here every address is the same work, and the answer tells nothing.
 * @throws DomainError VALIDATION_ERROR for a foreign `callbackURL`
 */
export const requestMail = async (
  { storage, clock, newId, settings, wakeMailRequests, logger }: DomainContext,
  { purpose, email, callbackUrl, remember }: MailRequest,
): Promise<void> => {
  const id = newId()
  await storage.mailRequests.insert({
    id,
    purpose,
    email: normalizeEmail(email),
    callback_url: callbackUrl === undefined ? null : resolveCallbackUrl(callbackUrl, settings),
    remember: remember ? 1 : 0,
    created_at: clock(),
  })
  wakeMailRequests()
  logger.info({ event: 'mail_request.made', purpose, mailRequestId: id }, 'a mail was asked for')
}
