import { normalizeEmail } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'
import { endOtherProofs, endPendingProofs } from '../sessions/end-other-proofs'
import { withUserLocked } from '../with-user-locked'

/** `unchanged`: the account was so already. */
export type SetActiveOutcome = 'changed' | 'unchanged' | 'unknown'

/**
 * Disables an account, or enables it again. Sessions and keys of a disabled account stay where they are and are refused
 * with USER_NOT_ACTIVE from the next request on; its links, challenges and trusted devices are no more. Enabling ends
 * all its sessions first, so that no cookie from before comes back to life; keys work again.
 * @param email of the account, in any spelling
 */
export const setUserActive = async (
  context: Pick<DomainContext, 'storage' | 'clock' | 'logger'>,
  email: string,
  isActive: boolean,
): Promise<SetActiveOutcome> => {
  const { storage, clock, logger } = context
  const found = await storage.users.findByEmail(normalizeEmail(email))
  if (!found) return 'unknown'
  const userId = found.id
  const outcome = await withUserLocked(context, userId, async (stores): Promise<SetActiveOutcome> => {
    const user = await stores.users.find(userId)
    if (!user) return 'unknown'
    if ((user.is_active === 1) === isActive) return 'unchanged'
    if (isActive) await endOtherProofs(context, stores, userId, undefined)
    else await endPendingProofs(stores, userId)
    await stores.users.update(userId, { is_active: isActive ? 1 : 0, updated_at: clock() })
    return 'changed'
  })
  if (outcome === 'changed') {
    const event = isActive ? 'account.enabled' : 'account.disabled'
    logger.info({ event, userId }, isActive ? 'account enabled' : 'account disabled')
  }
  return outcome
}
