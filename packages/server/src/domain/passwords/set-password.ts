import type { Stores } from '../../storage/storage'
import type { UserRow } from '../../storage/stores/user-store'
import type { DomainContext } from '../domain-context'
import { endOtherProofs } from '../sessions/end-other-proofs'
import { refuseCommonPassword } from './common-password'
import { forgetPasswordGuesses } from './forget-password-guesses'

/** Hashes a password to be set. @throws DomainError VALIDATION_ERROR for a common one; SERVICE_UNAVAILABLE */
export const hashNewPassword = async ({ passwords }: DomainContext, newPassword: string): Promise<string> => {
  await refuseCommonPassword(newPassword, 'newPassword')
  return passwords.hash(newPassword)
}

/**
 * Gives an account another password, with all that follows from it. Call with the user locked.
 * @param keepSessionId the session that made the change, if it is to go on
 * @returns how many sessions ended
 */
export const setPassword = async (
  context: DomainContext,
  stores: Stores,
  user: Pick<UserRow, 'id' | 'email'>,
  passwordHash: string,
  keepSessionId: string | undefined,
): Promise<number> => {
  await stores.users.update(user.id, { password_hash: passwordHash, updated_at: context.clock() })
  await forgetPasswordGuesses(context, stores, user)
  return endOtherProofs(context, stores, user.id, keepSessionId)
}
