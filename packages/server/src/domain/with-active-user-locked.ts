import type { Stores } from '../storage/storage'
import type { UserRow } from '../storage/stores/user-store'
import type { DomainContext } from './domain-context'
import { DomainError } from './domain-error'
import { withUserLocked } from './with-user-locked'

/** As `withUserLocked`, for a user who may do anything at all. @throws DomainError USER_NOT_ACTIVE */
export const withActiveUserLocked = <T>(
  context: DomainContext,
  userId: string,
  work: (stores: Stores, user: UserRow) => Promise<T>,
): Promise<T> =>
  withUserLocked(context, userId, async stores => {
    const user = await stores.users.find(userId)
    if (!user?.is_active) throw new DomainError('USER_NOT_ACTIVE')
    return work(stores, user)
  })
