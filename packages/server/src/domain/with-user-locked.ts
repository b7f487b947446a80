import type { Stores } from '../storage/storage'
import type { DomainContext } from './domain-context'

/**
 * Runs `work` in a transaction that no other one for the same user runs beside: what it reads of the user's keys and
 * links stays true until it is done.
 */
export const withUserLocked = <T>(
  { storage }: Pick<DomainContext, 'storage'>,
  userId: string,
  work: (stores: Stores) => Promise<T>,
): Promise<T> =>
  storage.transaction(async stores => {
    await stores.users.lock(userId)
    return work(stores)
  })
