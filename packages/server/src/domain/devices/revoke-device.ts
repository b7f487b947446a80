import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { SessionPrincipal } from '../principals/principal'

/**
 * Forgets a device of the caller, and that it was trusted: its next sign-in is that of a new device. Its sessions stay.
 * @returns how many went: 1
 * @throws DomainError NOT_FOUND if it is no remembered device of theirs
 */
export const revokeDevice = async (
  { storage, clock, logger }: DomainContext,
  { userId }: SessionPrincipal,
  id: string,
): Promise<number> => {
  const count = await storage.devices.delete(userId, id, clock())
  if (count === 0) throw new DomainError('NOT_FOUND', { message: 'You have no device with this id' })
  logger.info({ event: 'device.revoked', userId, deviceId: id }, 'device forgotten')
  return count
}
