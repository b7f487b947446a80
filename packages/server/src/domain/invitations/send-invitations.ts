import { normalizeEmail, type OrganizationRole } from '@snoop/sdk/contract'
import type { Stores } from '../../storage/storage'
import type { SentInvitationRow } from '../../storage/stores/invitation-store'
import type { DomainContext } from '../domain-context'
import { conflict, invalidField } from '../domain-error'
import type { Actor } from '../principals/actor'
import { issueInvitations } from './issue-invitations'
import { withInviter } from './with-inviter'

/** Who is to be asked, and to be what. */
export interface NewInvitation {
  readonly email: string
  readonly role: OrganizationRole
}

const fieldOf = (index: number): string => `invites.${index}.email`

const refuseRepeated = (emails: readonly string[]): void => {
  const repeated = emails.findIndex((email, index) => emails.indexOf(email) < index)
  if (repeated >= 0) throw invalidField(fieldOf(repeated), 'This address is in the list already')
}

const refuseMembers = async (
  { invitations }: Stores,
  organizationId: string,
  emails: readonly string[],
): Promise<void> => {
  const ofMembers = await invitations.listMemberEmails(organizationId, emails)
  const index = emails.findIndex(email => ofMembers.includes(email))
  if (index >= 0)
    throw conflict(fieldOf(index), 'This address belongs to a member of the organization already')
}

/**
 * Invites people by mail: all of them, or none. An address that is invited already gets a new mail, with which its
 * earlier link ends.
 * @returns the invitations, in the order of `invites`
 * @throws DomainError VALIDATION_ERROR for an address that is given twice; CONFLICT for that of a member;
 *   INSUFFICIENT_PERMISSIONS, PLAN_LIMIT_REACHED; RATE_LIMIT_ERROR for an address that was sent a mail within the minute
 */
export const sendInvitations = async (
  context: DomainContext,
  actor: Actor,
  organizationId: string,
  invites: readonly NewInvitation[],
): Promise<SentInvitationRow[]> => {
  const { mailer, logger } = context
  const asked = invites.map(({ email, role }) => ({ email: normalizeEmail(email), role }))
  const emails = asked.map(({ email }) => email)
  refuseRepeated(emails)
  const sent = await withInviter(context, actor, organizationId, async (stores, inviter) => {
    await refuseMembers(stores, organizationId, emails)
    const earlier = await stores.invitations.listByEmail(organizationId, emails)
    const wanted = asked.map(invitation => ({
      ...invitation,
      earlier: earlier.find(({ email }) => email === invitation.email),
    }))
    return issueInvitations(context, stores, actor, inviter, 'invitation.sent', wanted)
  })
  mailer.wake()
  const by = actor.principal.credentialId
  logger.info({ event: 'invitation.sent', organizationId, count: sent.length, by }, 'invitations sent')
  return sent
}
