import type { Stores } from '../../storage/storage'
import type { DomainContext } from '../domain-context'

/** Purposes of links that prove who one is, or change how that is proved. */
const PROVING_LINKS = ['magic-link', 'reset-password', 'change-email'] as const

/**
 * Links and challenges that wait to be answered are dead, and no device is trusted any more. Call with the user locked.
 */
export const endPendingProofs = async (stores: Stores, userId: string): Promise<void> => {
  await stores.linkTokens.deleteUnused(userId, PROVING_LINKS)
  await stores.challenges.deleteOfUser(userId)
  await stores.devices.endTrust(userId)
}

/**
 * The one rule for every change of how one signs in: all other sessions and all access tokens end, links and
 * challenges that wait to be answered are dead, and no device is trusted any more. API keys stay. Call with the user locked, in the transaction of
 * the change.
 * @param keepSessionId the session that made the change, if it is to go on
 * @returns how many sessions ended
 */
export const endOtherProofs = async (
  { clock }: Pick<DomainContext, 'clock'>,
  stores: Stores,
  userId: string,
  keepSessionId: string | undefined,
): Promise<number> => {
  await endPendingProofs(stores, userId)
  await stores.tokenFamilies.endAll(userId, clock())
  return stores.sessions.deleteAll(userId, clock(), keepSessionId)
}
