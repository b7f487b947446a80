import type { PasskeyRow } from '../../storage/stores/passkey-store'
import { putSecurityNotice } from '../accounts/put-security-notice'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { SessionPrincipal } from '../principals/principal'
import { withUserLocked } from '../with-user-locked'

/**
 * Takes a passkey away; its owner is told by mail. The last one may go too: whoever reads the account's mail still gets in
 * by a link.
 * @throws DomainError NOT_FOUND if it is no passkey of the caller
 */
export const removePasskey = async (
  context: DomainContext,
  { userId, credentialId }: SessionPrincipal,
  id: string,
): Promise<PasskeyRow> => {
  const { mailer, logger } = context
  const row = await withUserLocked(context, userId, async stores => {
    const user = await stores.users.find(userId)
    const removed = await stores.passkeys.delete(userId, id)
    if (!user || !removed) throw new DomainError('NOT_FOUND', { message: 'You have no passkey with this id' })
    await putSecurityNotice(context, stores, user, { kind: 'passkey-removed', name: removed.name })
    return removed
  })
  mailer.wake()
  logger.info({ event: 'passkey.removed', userId, passkeyId: id, by: credentialId }, 'passkey removed')
  return row
}
