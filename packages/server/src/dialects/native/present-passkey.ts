import type { Passkey } from '@snoop/sdk/contract'
import type { PasskeyRow } from '../../domain/records'
import { toTimestamp, toTimestampOrNull } from '../../http/timestamp'

export const presentPasskey = (row: PasskeyRow): Passkey => ({
  id: row.id,
  name: row.name,
  deviceType: row.device_type === 'multiDevice' ? 'multiDevice' : 'singleDevice',
  backedUp: row.backed_up === 1,
  createdAt: toTimestamp(row.created_at),
  lastUsedAt: toTimestampOrNull(row.last_used_at),
})
