import type { DeviceRow } from '../../storage/stores/device-store'
import type { DomainContext } from '../domain-context'
import { hashSecret } from '../secret-hash'

/** A device as its user sees it. */
export interface ListedDevice {
  readonly row: DeviceRow
  /** The request came from it. */
  readonly isCurrent: boolean
  /** Milliseconds since 1970; null if it is not trusted now. */
  readonly trustedUntil: number | null
}

/**
 * The devices that signed in to an account and are remembered, newest sign-in first.
 * @param deviceToken from the cookie of the request
 */
export const listDevices = async (
  { storage, clock }: DomainContext,
  userId: string,
  deviceToken: string | undefined,
): Promise<ListedDevice[]> => {
  const now = clock()
  const currentHash = deviceToken === undefined ? undefined : hashSecret(deviceToken)
  const rows = await storage.devices.listLive(userId, now)
  return rows.map(row => ({
    row,
    isCurrent: row.token_hash === currentHash,
    trustedUntil: row.trusted_until !== null && row.trusted_until > now ? row.trusted_until : null,
  }))
}
