import type { OrganizationRole } from '@snoop/sdk/contract'
import type { SentInvitationRow } from '../../storage/stores/invitation-store'
import type { DomainContext } from '../domain-context'
import type { Actor } from '../principals/actor'
import { invitationNotFound } from './invitation-not-found'
import { issueInvitations } from './issue-invitations'
import { withInviter } from './with-inviter'

/**
 * Sends an invitation that is pending or expired again, with a new link; the one before ends. Whoever sends it is the
 * inviter from now on.
 * @throws DomainError NOT_FOUND, TENANT_VIOLATION, INSUFFICIENT_PERMISSIONS; RATE_LIMIT_ERROR within a minute of the mail
 *   before; PLAN_LIMIT_REACHED for one that had expired, if no seat is left
 */
export const resendInvitation = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  id: string,
): Promise<SentInvitationRow> => {
  const { mailer, logger } = context
  const [sent] = await withInviter(context, actor, organizationId, async (stores, inviter) => {
    const earlier = await stores.invitations.find(organizationId, id)
    if (!earlier) return []
    const wanted = { email: earlier.email, role: earlier.role as OrganizationRole, earlier }
    return issueInvitations(context, stores, actor, inviter, 'invitation.resent', [wanted])
  })
  if (!sent) throw await invitationNotFound(context, actor.principal, id)
  mailer.wake()
  const by = actor.principal.credentialId
  logger.info({ event: 'invitation.resent', organizationId, invitationId: id, by }, 'invitation sent again')
  return sent
}
