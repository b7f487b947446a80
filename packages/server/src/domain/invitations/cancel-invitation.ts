import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import type { Actor } from '../principals/actor'
import { invitationNotFound } from './invitation-not-found'
import { mayEnd } from './invitation-state'
import { onlyOwners, withInviter } from './with-inviter'

/**
 * Takes an invitation back: its link is dead, and its seat is free.
 * @throws DomainError NOT_FOUND, TENANT_VIOLATION; INSUFFICIENT_PERMISSIONS for a pending one for an owner
 */
export const cancelInvitation = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  id: string,
): Promise<void> => {
  const isCancelled = await withInviter(context, actor, organizationId, async (stores, inviter) => {
    const invitation = await stores.invitations.find(organizationId, id)
    if (!invitation) return false
    if (!mayEnd(inviter.role, invitation, context.clock())) throw onlyOwners()
    await stores.invitations.delete(organizationId, id)
    const { email, role } = invitation
    await recordAct(context, stores, actor, {
      organizationId,
      action: 'invitation.cancelled',
      resource: { type: 'invitation', id },
      details: { email, role },
    })
    return true
  })
  if (!isCancelled) throw await invitationNotFound(context, actor.principal, id)
  const by = actor.principal.credentialId
  context.logger.info(
    { event: 'invitation.cancelled', organizationId, invitationId: id, by },
    'invitation cancelled',
  )
}
