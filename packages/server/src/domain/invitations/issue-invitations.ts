import type { OrganizationRole } from '@snoop/sdk/contract'
import { composeInvitationMail } from '../../mail/compose-invitation-mail'
import type { Stores } from '../../storage/storage'
import type { InvitationRow, SentInvitationRow } from '../../storage/stores/invitation-store'
import { type Act, recordActs } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { assertSeats } from '../plans/assert-seats'
import type { Actor } from '../principals/actor'
import { hashSecret } from '../secret-hash'
import { takeInvitationMails } from './invitation-mail-limits'
import { decideSending, INVITATION_LIFE_MS } from './invitation-state'
import { type Inviter, onlyOwners } from './with-inviter'

/** One invitation to be sent. */
export interface WantedInvitation {
  /** Normalised. */
  readonly email: string
  readonly role: OrganizationRole
  /** The row that it is put in place of. */
  readonly earlier: InvitationRow | undefined
}

/** An invitation with its token, which goes into the mail and is kept nowhere else. */
interface MadeInvitation {
  readonly row: InvitationRow
  readonly token: string
}

/** Else whoever signs up with any address could have mails of their words sent to any other. */
const assertVerified = ({ user }: Inviter): void => {
  if (user.email_verified_at === null)
    throw new DomainError('EMAIL_NOT_VERIFIED', {
      message:
        'Verify your own e-mail address before you invite others, by the link in the verification mail',
    })
}

/** @returns whether it takes a seat more */
const assertMaySend = ({ role }: Inviter, { role: invitedRole, earlier }: WantedInvitation, now: number) => {
  const verdict = decideSending({ senderRole: role, invitedRole, earlier }, now)
  if (verdict.outcome === 'not-allowed') throw onlyOwners()
  return verdict.takesSeat
}

/** Makes an invitation with 256 random bits of secret; the token before is dead. */
const makeInvitation = async (
  { newId, randomBytes }: DomainContext,
  { invitations }: Stores,
  { user, organization }: Inviter,
  { email, role, earlier }: WantedInvitation,
  now: number,
): Promise<MadeInvitation> => {
  const token = randomBytes(32).toString('base64url')
  const row: InvitationRow = {
    organization_id: organization.id,
    id: earlier?.id ?? newId(),
    email,
    role,
    invited_by_user_id: user.id,
    token_hash: hashSecret(token),
    created_at: earlier?.created_at ?? now,
    sent_at: now,
    expires_at: now + INVITATION_LIFE_MS,
  }
  await (earlier ? invitations.renew(row) : invitations.insert(row))
  return { row, token }
}

const putMail = (
  { mailer, settings }: DomainContext,
  stores: Stores,
  { user, organization }: Inviter,
  { row, token }: MadeInvitation,
): Promise<void> =>
  mailer.put(
    stores,
    composeInvitationMail({
      origin: settings.origin,
      to: row.email,
      token,
      validForMs: INVITATION_LIFE_MS,
      organizationName: organization.name,
      role: row.role,
      inviterName: user.full_name,
    }),
  )

/**
 * Makes invitations, their mails and their entries in the audit log, in the transaction of `withInviter`. What is sent
 * says nothing of whether an address has an account.
 * @throws DomainError EMAIL_NOT_VERIFIED, INSUFFICIENT_PERMISSIONS, RATE_LIMIT_ERROR with the seconds to wait, PLAN_LIMIT_REACHED
 */
export const issueInvitations = async (
  context: DomainContext,
  stores: Stores,
  actor: Actor,
  inviter: Inviter,
  action: Act['action'],
  wanted: readonly WantedInvitation[],
): Promise<SentInvitationRow[]> => {
  assertVerified(inviter)
  const now = context.clock()
  const organizationId = inviter.organization.id
  const seatsMore = wanted.filter(invitation => assertMaySend(inviter, invitation, now)).length
  const emails = wanted.map(({ email }) => email)
  await takeInvitationMails(context, stores, organizationId, emails, now)
  const made: MadeInvitation[] = []
  for (const invitation of wanted) made.push(await makeInvitation(context, stores, inviter, invitation, now))
  if (seatsMore > 0) await assertSeats(context, stores, organizationId)
  for (const invitation of made) await putMail(context, stores, inviter, invitation)
  const acts = made.map(({ row: { id, email, role } }) => {
    const resource = { type: 'invitation', id } as const
    return { action, resource, details: { email, role } }
  })
  await recordActs(context, stores, actor, organizationId, acts)
  return made.map(({ row }) => ({ ...row, inviter_full_name: inviter.user.full_name }))
}
