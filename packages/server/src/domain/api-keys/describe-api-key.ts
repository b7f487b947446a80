import type { ApiKeyState } from '@snoop/sdk/contract'
import type { ApiKeyRow } from '../../storage/stores/api-key-store'
import type { DomainContext } from '../domain-context'
import { keyRateLimit, limiterSubjectOf } from '../principals/resolve-api-key'
import { apiKeyState } from './api-key-state'

/** A key with what is known of it only now. */
export interface DescribedApiKey {
  readonly row: ApiKeyRow
  readonly state: ApiKeyState
  readonly requestCount: number
  readonly lastRequestAt: number | null
  /** Requests left in the window, which a rotated key shares with its successor; null: no limit. */
  readonly remaining: number | null
}

/** Adds the uses that are not written down yet, and the state of the key's window. */
export const describeApiKey = async (
  { clock, uses, keyLimiter }: DomainContext,
  row: ApiKeyRow,
): Promise<DescribedApiKey> => {
  const pending = uses.pendingKeyUse(row.id)
  const rule = keyRateLimit(row)
  return {
    row,
    state: apiKeyState(row, clock()),
    requestCount: row.request_count + (pending?.requests ?? 0),
    lastRequestAt: pending?.lastRequestAt ?? row.last_request_at,
    remaining: rule && (await keyLimiter.peek(limiterSubjectOf(row), rule)).remaining,
  }
}
