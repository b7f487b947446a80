import type { Stores } from '../../storage/storage'
import type { UserRow } from '../../storage/stores/user-store'
import type { DomainContext } from '../domain-context'
import { endOtherProofs } from '../sessions/end-other-proofs'

/**
 * Call when somebody has opened a link that they asked for at the address of an account (a magic link, a password reset),
 * with the user locked. A verified account stays as it is. Of one that was not verified until now nobody knows who opened
 * it: anybody can sign up with an address that is not theirs, put in a password, sessions, keys and passkeys of their own,
 * and wait until the owner of the mailbox comes (pre-hijacking: Sudhodanan and Paverd, USENIX Security 2022). So whoever
 * proves the mailbox first gets the account alone: everything that lets in and was made before is gone. An honest owner who
 * had only put off the verification sets a password again and makes new keys, which is little beside an account shared with
 * a stranger. A second factor stays, as it lets nobody in by itself, and no mailbox may ever take its place (ASVS 6.4.3).
 * @returns the user as it is now
 */
export const proveEmailAddress = async (
  context: DomainContext,
  stores: Stores,
  user: UserRow,
): Promise<UserRow> => {
  if (user.email_verified_at !== null) return user
  const now = context.clock()
  const changes = { email_verified_at: now, password_hash: '', updated_at: now }
  await stores.users.update(user.id, changes)
  await endOtherProofs(context, stores, user.id, undefined)
  await stores.apiKeys.revokeAll(user.id, now)
  await stores.passkeys.deleteAll(user.id)
  context.logger.info(
    { event: 'account.taken_over_by_mailbox', userId: user.id },
    'unverified account proved',
  )
  return { ...user, ...changes }
}
