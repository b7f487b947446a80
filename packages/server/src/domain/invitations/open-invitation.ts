import type { OpenedInvitationRow } from '../../storage/stores/invitation-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { hashSecret } from '../secret-hash'

export const invalidInvitation = (): DomainError =>
  new DomainError('INVALID_TOKEN', {
    message:
      'This invitation is expired, replaced by a newer one, cancelled or used. If you did not accept it yourself, ask for a new one',
  })

/** What a token invites to, left as it is. @throws DomainError INVALID_TOKEN if it is that of no pending invitation */
export const openInvitation = async (
  { storage, clock }: DomainContext,
  token: string,
): Promise<OpenedInvitationRow> => {
  const invitation = await storage.invitations.findByTokenHash(hashSecret(token), clock())
  if (!invitation) throw invalidInvitation()
  return invitation
}
