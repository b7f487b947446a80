/*
 * The invitation of one address to one organization:
 *
 *              send                    7 days pass
 *   none ───────────────▶ pending ───────────────────▶ expired
 *    ▲                    │  │  ▲ └─┐                  │   │
 *    │       cancel       │  │  │   │ send, resend     │   │
 *    ├────────────────────┘  │  └───┴──────────────────┘   │
 *    │                       │ accept         send, resend │
 *    │                       ▼                             │
 *    │  leave, removal    member                           │
 *    ├────────────────────────┘                            │
 *    └─────────────────────────────────────────────────────┘ cancel
 *
 * What always holds:
 * - There is at most one row for an organization and an address; none for one that was accepted or cancelled.
 * - At most one token is good for it: the newest, while it is pending. Each sending kills the token before. A token that
 *   was replaced, cancelled or used is refused for ever, and so is one whose time is over.
 * - Expired stands in nobody's way: it holds no seat, and anybody who may invite may send to the address again.
 * - Accepting makes exactly one membership: with the invited role, and the invitation's id. Nothing else makes one but
 *   founding the organization.
 * - Who accepts has the invited address, proved; who invited has, at that moment, the right to invite for that role.
 * - Only an owner sends an invitation for an owner, puts another in place of a pending one, or cancels it.
 * - Members and pending invitations never become more than the plan has seats.
 * - At most one mail a minute goes out for it, whatever became of the one before (invitation-mail-limits.ts; there also: how
 *   many go to one address, and out of one organization, in an hour).
 */
import { type OrganizationRole, ROLE_PERMISSIONS } from '@snoop/sdk/contract'
import type { InvitationRow } from '../../storage/stores/invitation-store'

/** How long an invitation is good after its newest mail. */
export const INVITATION_LIFE_MS = 7 * 24 * 3600_000

type State = Pick<InvitationRow, 'role' | 'expires_at'>

/** @param now milliseconds since 1970 */
export const isPending = ({ expires_at }: Pick<State, 'expires_at'>, now: number): boolean => expires_at > now

/** Whether a member with `role` may invite somebody as `invited`. @param role undefined: no member */
export const mayInvite = (role: string | undefined, invited: string): boolean => {
  if (
    role === undefined ||
    !ROLE_PERMISSIONS[role as OrganizationRole].includes('organization:manage-members')
  )
    return false
  return invited !== 'owner' || role === 'owner'
}

/** Whether a member with `role` may put an end to an invitation. Pure. */
export const mayEnd = (role: string, invitation: State, now: number): boolean =>
  mayInvite(role, isPending(invitation, now) ? invitation.role : 'member')

/** What is to be sent, and what there is already. */
export interface Sending {
  /** Of who sends. */
  readonly senderRole: string
  readonly invitedRole: string
  /** To the same address. */
  readonly earlier: State | undefined
}

export type SendingVerdict =
  /** `takesSeat`: one more than before. */
  { readonly outcome: 'sent'; readonly takesSeat: boolean } | { readonly outcome: 'not-allowed' }

/** Whether an invitation may be sent. Mails and seats are counted afterwards. Pure. */
export const decideSending = ({ senderRole, invitedRole, earlier }: Sending, now: number): SendingVerdict => {
  if (!mayInvite(senderRole, invitedRole)) return { outcome: 'not-allowed' }
  if (!earlier) return { outcome: 'sent', takesSeat: true }
  if (!mayEnd(senderRole, earlier, now)) return { outcome: 'not-allowed' }
  return { outcome: 'sent', takesSeat: !isPending(earlier, now) }
}

/** What is known, with account and organization locked, when somebody comes with the token of a pending invitation. */
export interface Acceptance {
  readonly invitation: Pick<InvitationRow, 'email' | 'role'>
  readonly account: { readonly email: string; readonly email_verified_at: number | null }
  readonly isMember: boolean
  /** Of who invited; undefined if that is no member, or no active account, any more. */
  readonly inviterRole: string | undefined
  /** This invitation's among them. */
  readonly seatsTaken: number
  readonly seats: number
}

/** Why a good token does not make a member, as the audit log names it. */
export type AcceptanceRefusal =
  | 'wrong_account'
  | 'email_not_verified'
  | 'member_already'
  | 'inviter_without_right'
  | 'no_seat'

/** @returns why not, or undefined if the invitation may be accepted. Pure. */
export const decideAcceptance = ({
  invitation,
  account,
  isMember,
  inviterRole,
  seatsTaken,
  seats,
}: Acceptance): AcceptanceRefusal | undefined => {
  if (account.email !== invitation.email) return 'wrong_account'
  if (account.email_verified_at === null) return 'email_not_verified'
  if (isMember) return 'member_already'
  if (!mayInvite(inviterRole, invitation.role)) return 'inviter_without_right'
  return seatsTaken > seats ? 'no_seat' : undefined
}
