import type { Invitation, InvitationPreview, OrganizationRole } from '@snoop/sdk/contract'
import { isPending } from '../../domain/invitations/invitation-state'
import type { OpenedInvitationRow, SentInvitationRow } from '../../domain/records'
import { toTimestamp } from '../../http/timestamp'

/** @param now milliseconds since 1970 */
export const presentInvitation = (row: SentInvitationRow, now: number): Invitation => ({
  id: row.id,
  email: row.email,
  role: row.role as OrganizationRole,
  status: isPending(row, now) ? 'pending' : 'expired',
  invitedBy:
    row.invited_by_user_id === null
      ? null
      : { id: row.invited_by_user_id, fullName: row.inviter_full_name ?? '' },
  createdAt: toTimestamp(row.created_at),
  sentAt: toTimestamp(row.sent_at),
  expiresAt: toTimestamp(row.expires_at),
})

export const presentOpenedInvitation = (row: OpenedInvitationRow): InvitationPreview => ({
  organizationName: row.organization_name,
  role: row.role as OrganizationRole,
  email: row.email,
  invitedBy: row.inviter_full_name,
  expiresAt: toTimestamp(row.expires_at),
})
