import type { ApiKeyState } from '@snoop/sdk/contract'
import type { ApiKeyRow } from '../../storage/stores/api-key-store'

type LifeFields = Pick<ApiKeyRow, 'enabled' | 'expires_at' | 'revoked_at' | 'rotated_to'>

/** Where a key is in its life at `now`. A rotated key in its grace period is still active. */
export const apiKeyState = (row: LifeFields, now: number): ApiKeyState => {
  if (row.revoked_at !== null) return 'revoked'
  const isOver = row.expires_at !== null && row.expires_at <= now
  if (isOver) return row.rotated_to === null ? 'expired' : 'rotated'
  return row.enabled ? 'active' : 'disabled'
}

/** Whether a request with this key is let in at `now`. */
export const isKeyAccepted = (row: LifeFields, now: number): boolean => apiKeyState(row, now) === 'active'
