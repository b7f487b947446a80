import type { Session, User } from '@snoop/sdk/contract'
import { describeDevice } from '../../domain/devices/describe-device'
import type { SessionRow, UserProfileRow } from '../../domain/records'
import { toTimestamp, toTimestampOrNull } from '../../http/timestamp'

const renderUser = (row: UserProfileRow): User => ({
  id: row.id,
  email: row.email,
  fullName: row.full_name,
  handle: row.handle,
  isVerified: row.email_verified_at !== null,
  verifiedAt: toTimestampOrNull(row.email_verified_at),
  isActive: row.is_active === 1,
  lastLoginAt: toTimestampOrNull(row.last_login_at),
  role: row.role,
  organizationCount: row.organization_count,
  emailPreferences: { marketingOptOut: row.marketing_opt_out === 1 },
  twoFactorEnabled: row.two_factor_enabled === 1,
  createdAt: toTimestamp(row.created_at),
  updatedAt: toTimestamp(row.updated_at),
})

/** Storage gives the same row object until something changes, so its presentation is kept with it. */
const presented = new WeakMap<UserProfileRow, User>()

export const presentUser = (row: UserProfileRow): User => {
  let user = presented.get(row)
  if (!user) {
    user = Object.freeze(renderUser(row))
    presented.set(row, user)
  }
  return user
}

export const presentSession = (row: SessionRow, currentId: string): Session => ({
  id: row.id,
  device: describeDevice(row.user_agent),
  ipAddress: row.ip_address,
  createdAt: toTimestamp(row.created_at),
  lastSeenAt: toTimestamp(row.last_seen_at),
  expiresAt: toTimestamp(row.expires_at),
  current: row.id === currentId,
})
