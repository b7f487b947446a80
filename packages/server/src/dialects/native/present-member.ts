import type { Member, OrganizationRole } from '@snoop/sdk/contract'
import type { MemberRow } from '../../domain/records'
import { toTimestamp } from '../../http/timestamp'

export const presentMember = (row: MemberRow): Member => ({
  id: row.id,
  userId: row.user_id,
  email: row.email,
  fullName: row.full_name,
  role: row.role as OrganizationRole,
  createdAt: toTimestamp(row.created_at),
})
