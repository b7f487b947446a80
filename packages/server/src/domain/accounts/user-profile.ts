import type { UserProfileRow } from '../../storage/hot-queries'
import { findUniqueViolation } from '../../storage/unique-violation'
import type { DomainContext } from '../domain-context'
import { conflict, DomainError } from '../domain-error'
import { isReservedName } from '../reserved-name'

/** @throws DomainError NOT_FOUND if the account is gone */
export const getUserProfile = async ({ storage }: DomainContext, userId: string): Promise<UserProfileRow> => {
  const profile = await storage.hot.findUserProfile(userId)
  if (!profile) throw new DomainError('NOT_FOUND', { message: 'This account no longer exists' })
  return profile
}

export interface ProfileChange {
  readonly fullName?: string | undefined
  readonly handle?: string | undefined
  readonly marketingOptOut?: boolean | undefined
}

const handleTaken = (): DomainError => conflict('handle', 'This handle is taken')

/** @throws DomainError CONFLICT if the handle is taken or reserved */
export const updateUserProfile = async (
  context: DomainContext,
  userId: string,
  change: ProfileChange,
): Promise<UserProfileRow> => {
  if (change.handle !== undefined && isReservedName(change.handle)) throw handleTaken()
  const changes = {
    ...(change.fullName !== undefined && { full_name: change.fullName }),
    ...(change.handle !== undefined && { handle: change.handle }),
    ...(change.marketingOptOut !== undefined && { marketing_opt_out: change.marketingOptOut ? 1 : 0 }),
    updated_at: context.clock(),
  }
  try {
    await context.storage.users.update(userId, changes)
  } catch (error) {
    if (findUniqueViolation(error)) throw handleTaken()
    throw error
  }
  return getUserProfile(context, userId)
}
