import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Stores } from '../../storage/storage'
import type { MailRequestRow } from '../../storage/stores/mail-request-store'
import type { UserRow } from '../../storage/stores/user-store'
import type { DomainContext } from '../domain-context'
import { type LinkMail, putLinkMail } from '../links/put-link-mail'
import { withUserLocked } from '../with-user-locked'

const BATCH_SIZE = 100

const isEntitled = (user: UserRow, { purpose, email }: MailRequestRow): boolean =>
  user.email === email &&
  user.is_active === 1 &&
  (purpose !== 'verify-email' || user.email_verified_at === null)

const answerTo = async (
  context: DomainContext,
  stores: Stores,
  request: MailRequestRow,
  userId: string,
): Promise<void> => {
  // Another server may have answered it while this one waited for the user.
  if (!(await stores.mailRequests.take(request.id))) return
  const user = await stores.users.find(userId)
  if (!user || !isEntitled(user, request)) return
  await putLinkMail(context, stores, user, {
    purpose: request.purpose as LinkMail['purpose'],
    callbackUrl: request.callback_url,
    remember: request.remember === 1,
  })
}

const answer = async (context: DomainContext, request: MailRequestRow): Promise<void> => {
  const { storage, mailer } = context
  const account = await storage.users.findByEmail(request.email)
  if (account) {
    await withUserLocked(context, account.id, stores => answerTo(context, stores, request, account.id))
    mailer.wake()
  } else await storage.mailRequests.take(request.id)
}

/** @returns false if it failed: the request stays for the next time */
const tryToAnswer = async (context: DomainContext, request: MailRequestRow): Promise<boolean> => {
  try {
    await answer(context, request)
    return true
  } catch (err) {
    const fields = { err, event: 'mail_request.failed', mailRequestId: request.id }
    context.logger.error(fields, 'could not answer a mail request, will try again')
    return false
  }
}

/**
 * Answers the mails that were asked for, oldest first: each that an account is entitled to is put into the outbox in the
 * transaction that takes its request away, so once, however many servers share the database. One that fails keeps
 * nobody else waiting.
 * @param isOver once it says true no more are begun
 * @throws what storage throws when there is no database
 */
export const answerMailRequests = async (
  context: DomainContext,
  isOver: () => boolean = () => false,
): Promise<void> => {
  for (;;) {
    const requests = await context.storage.mailRequests.listOldest(BATCH_SIZE)
    let answered = 0
    for (const request of requests) {
      if (isOver()) return
      if (await tryToAnswer(context, request)) answered++
      // SQLite answers at once, so without this they would be one long turn.
      await nextTurn()
    }
    if (requests.length < BATCH_SIZE || answered === 0) return
  }
}
