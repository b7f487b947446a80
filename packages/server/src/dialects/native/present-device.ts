import type { Device, LoginEvent, SignInMethod } from '@snoop/sdk/contract'
import { describeDevice } from '../../domain/devices/describe-device'
import type { ListedDevice } from '../../domain/devices/list-devices'
import type { LoginEventRow } from '../../domain/records'
import { toTimestamp, toTimestampOrNull } from '../../http/timestamp'

export const presentDevice = ({ row, isCurrent, trustedUntil }: ListedDevice): Device => ({
  id: row.id,
  device: describeDevice(row.user_agent),
  ipAddress: row.ip_address,
  firstSignInAt: toTimestamp(row.created_at),
  lastSignInAt: toTimestamp(row.last_sign_in_at),
  trustedUntil: toTimestampOrNull(trustedUntil),
  current: isCurrent,
})

export const presentLoginEvent = (row: LoginEventRow): LoginEvent => ({
  createdAt: toTimestamp(row.created_at),
  method: row.method as SignInMethod,
  ipAddress: row.ip_address,
  userAgent: row.user_agent,
  success: row.success === 1,
})
