import type { Stores } from '../../storage/storage'
import type { InvitationRow } from '../../storage/stores/invitation-store'
import type { MemberRow } from '../../storage/stores/membership-store'
import type { UserRow } from '../../storage/stores/user-store'
import { type Act, recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { countSeats } from '../plans/count-seats'
import { findPlan } from '../plans/find-plan'
import { planLimitReached } from '../plans/plan-limit-reached'
import type { Actor } from '../principals/actor'
import { withActiveUserLocked } from '../with-active-user-locked'
import { type AcceptanceRefusal, decideAcceptance } from './invitation-state'
import { invalidInvitation, openInvitation } from './open-invitation'

type Acceptance =
  | { readonly outcome: 'accepted'; readonly member: MemberRow }
  | { readonly outcome: 'refused'; readonly reason: AcceptanceRefusal; readonly error: DomainError }

const REFUSALS: Readonly<Record<Exclude<AcceptanceRefusal, 'no_seat'>, () => DomainError>> = {
  // Without the invited address: the account that asks may be anybody's.
  wrong_account: () =>
    new DomainError('FORBIDDEN', {
      message:
        'This invitation was sent to another address. Sign in with the account of that address, or ask for an invitation to yours',
    }),
  email_not_verified: () =>
    new DomainError('EMAIL_NOT_VERIFIED', {
      message: 'Verify your e-mail address first, by the link in the verification mail; then accept again',
    }),
  member_already: () =>
    new DomainError('CONFLICT', { message: 'You are a member of this organization already' }),
  inviter_without_right: () =>
    new DomainError('FORBIDDEN', {
      message: 'Who invited you no longer has the right to. Ask the organization for a new invitation',
    }),
}

const actOf = ({ organization_id, id, email, role }: InvitationRow) =>
  ({
    organizationId: organization_id,
    action: 'invitation.accepted',
    resource: { type: 'invitation', id },
    details: { email, role },
  }) as const satisfies Act

/** @returns undefined if the inviter is no member, or no active account, any more */
const findInviterRole = async (
  { users, memberships }: Stores,
  { organization_id, invited_by_user_id }: InvitationRow,
): Promise<string | undefined> => {
  if (invited_by_user_id === null) return undefined
  const inviter = await users.find(invited_by_user_id)
  if (!inviter?.is_active) return undefined
  return (await memberships.findOfUser(organization_id, inviter.id))?.role
}

/** Decides with all that counts held in place, then takes the invitation and makes the membership of it. */
const join = async (
  context: DomainContext,
  stores: Stores,
  actor: Actor,
  found: InvitationRow,
  account: UserRow,
): Promise<Acceptance> => {
  const { invitations, memberships, organizations } = stores
  const organizationId = found.organization_id
  const now = context.clock()
  await organizations.lock(organizationId)
  const invitation = await invitations.findPending(found, now)
  if (!invitation) throw invalidInvitation()
  const plan = await findPlan(context, stores, organizationId)
  const reason = decideAcceptance({
    invitation,
    account,
    isMember: (await memberships.findOfUser(organizationId, account.id)) !== undefined,
    inviterRole: await findInviterRole(stores, invitation),
    seatsTaken: await countSeats(context, stores, organizationId),
    seats: plan.seats,
  })
  if (reason) {
    const error = reason === 'no_seat' ? planLimitReached(plan, 'seats', plan.seats) : REFUSALS[reason]()
    return { outcome: 'refused', reason, error }
  }
  if (!(await invitations.take(invitation, now))) throw invalidInvitation()
  const membership = {
    organization_id: organizationId,
    id: invitation.id,
    user_id: account.id,
    role: invitation.role,
    created_at: now,
    updated_at: now,
  }
  await memberships.insert(membership)
  await recordAct(context, stores, actor, actOf(invitation))
  return {
    outcome: 'accepted',
    member: { ...membership, email: account.email, full_name: account.full_name },
  }
}

/**
 * Makes the caller a member of the organization that a token invites to; the token works once. What a good token was
 * refused for stands in the organization's audit log.
 * @returns the membership, whose id is that of the invitation
 * @throws DomainError INVALID_TOKEN; FORBIDDEN for a pinned key, another account than the invited one, or an inviter who
 *   may no longer invite; EMAIL_NOT_VERIFIED; CONFLICT for a member; PLAN_LIMIT_REACHED; USER_NOT_ACTIVE
 */
export const acceptInvitation = async (
  context: DomainContext,
  actor: Actor,
  token: string,
): Promise<MemberRow> => {
  const { userId, pinnedOrganizationId } = actor.principal
  if (pinnedOrganizationId !== null) {
    throw new DomainError('FORBIDDEN', {
      message: 'This key is pinned to one organization; it cannot join another. Sign in, or use another key',
    })
  }
  const found = await openInvitation(context, token)
  const acceptance = await withActiveUserLocked(context, userId, (stores, account) =>
    join(context, stores, actor, found, account),
  )
  const { organization_id: organizationId, id: invitationId } = found
  const facts = { organizationId, invitationId, userId }
  if (acceptance.outcome === 'accepted') {
    context.logger.info({ event: 'invitation.accepted', ...facts }, 'invitation accepted')
    return acceptance.member
  }
  const { reason, error } = acceptance
  const { details, ...act } = actOf(found)
  // The request may be sent again once what it was refused for is mended.
  const refused = { ...actor, claim: undefined }
  await context.storage.transaction(stores =>
    recordAct(context, stores, refused, { ...act, outcome: 'refused', details: { ...details, reason } }),
  )
  context.logger.info({ event: 'invitation.refused', ...facts, reason }, 'invitation not accepted')
  throw error
}
