import type { OrganizationRole } from '@snoop/sdk/contract'
import type { TestDomain } from '../../../testing/test-domain'
import { actorOf } from '../../../testing/test-domain'
import type { Principal, SessionPrincipal } from '../../principals/principal'
import { acceptInvitation } from '../accept-invitation'
import { cancelInvitation } from '../cancel-invitation'
import { resendInvitation } from '../resend-invitation'
import { sendInvitations } from '../send-invitations'

/** What people with invitations do, over the domain. */
export const invitedPeople = (domain: TestDomain) => {
  const { context, storage, engine, mails } = domain
  const { db } = engine

  const signUp = async (email: string, isVerified = true): Promise<SessionPrincipal> => {
    const principal = await domain.signUp()
    await storage.users.update(principal.userId, {
      email,
      email_verified_at: isVerified ? domain.now() : null,
    })
    return principal
  }

  /** Of the links to an address, oldest first. */
  const tokensTo = (email: string): string[] =>
    mails.filter(({ to }) => to === email).map(({ link }) => new URL(link ?? '').hash.slice(1))

  /** @returns id and token */
  const invite = async (
    by: Principal,
    organizationId: string,
    email: string,
    role: OrganizationRole = 'member',
  ) => {
    const [row] = await sendInvitations(context, actorOf(by), organizationId, [{ email, role }])
    return { id: row?.id ?? '', token: tokensTo(email).at(-1) ?? '' }
  }

  const accept = (by: Principal, token: string) => acceptInvitation(context, actorOf(by), token)
  const cancel = (by: Principal, organizationId: string, id: string) =>
    cancelInvitation(context, actorOf(by), organizationId, id)
  const resend = (by: Principal, organizationId: string, id: string) =>
    resendInvitation(context, actorOf(by), organizationId, id)

  const rows = (organizationId: string) =>
    db.selectFrom('invitations').selectAll().where('organization_id', '=', organizationId).execute()
  const members = (organizationId: string) =>
    db.selectFrom('memberships').selectAll().where('organization_id', '=', organizationId).execute()
  const setRole = (organizationId: string, { userId }: Principal, role: string) =>
    db
      .updateTable('memberships')
      .set({ role })
      .where('organization_id', '=', organizationId)
      .where('user_id', '=', userId)
      .execute()
  const remove = (organizationId: string, { userId }: Principal) =>
    db
      .deleteFrom('memberships')
      .where('organization_id', '=', organizationId)
      .where('user_id', '=', userId)
      .execute()

  /** What the audit log tells, as `action outcome` with the details. */
  const audited = async (organizationId: string) => {
    const events = await db
      .selectFrom('audit_events')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .orderBy('sequence')
      .execute()
    return events.map(({ action, outcome, actor_id, resource_id, details }) => ({
      act: `${action} ${outcome}`,
      by: actor_id,
      id: resource_id,
      ...JSON.parse(details),
    }))
  }

  return { signUp, tokensTo, invite, accept, cancel, resend, rows, members, setRole, remove, audited }
}

export type InvitedPeople = ReturnType<typeof invitedPeople>
