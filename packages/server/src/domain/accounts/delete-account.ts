import type { Stores } from '../../storage/storage'
import type { UserRow } from '../../storage/stores/user-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { secondFactorSubject } from '../guesses/take-guess'
import { forgetPasswordGuesses } from '../passwords/forget-password-guesses'
import { endOtherProofs } from '../sessions/end-other-proofs'
import { withUserLocked } from '../with-user-locked'
import { putSecurityNotice } from './put-security-notice'

/** An organization that a user belongs to, as far as their leaving it matters. */
export interface JoinedOrganization {
  readonly id: string
  readonly name: string
  readonly role: string
  /** The user counted in both. */
  readonly member_count: number
  readonly owner_count: number
}

/** What keeps a user from leaving for good, and what has nobody left afterwards. Pure. */
export const decideLeaving = <Joined extends JoinedOrganization>(joined: readonly Joined[]) => {
  const isAlone = ({ member_count }: Joined) => member_count === 1
  const isLastOwner = ({ role, owner_count }: Joined) => role === 'owner' && owner_count === 1
  return {
    needed: joined.filter(organization => isLastOwner(organization) && !isAlone(organization)),
    left: joined.filter(isAlone),
  }
}

const lastOwner = (organizations: readonly JoinedOrganization[]): DomainError =>
  new DomainError('CONFLICT', {
    message: `You are the last owner of ${organizations.map(({ name }) => `"${name}"`).join(', ')}. Make another member an owner, or remove the other members first`,
    detail: { organizations: organizations.map(({ id, name }) => ({ id, name })) },
  })

/**
 * Deletes the organizations of a user that nobody else belongs to.
 * @returns how many
 * @throws DomainError CONFLICT for the last owner of an organization with other members
 */
const leaveOrganizations = async ({ organizations }: Stores, userId: string): Promise<number> => {
  // Of two owners who leave at once the second one counts without the first.
  await organizations.lockJoined(userId)
  const { needed, left } = decideLeaving(await organizations.listJoined(userId))
  if (needed.length > 0) throw lastOwner(needed)
  for (const { id } of left) await organizations.delete(id)
  return left.length
}

/** They are kept by HMAC, so no cascade finds them. */
const deleteGuesses = async (context: DomainContext, stores: Stores, user: UserRow): Promise<void> => {
  await forgetPasswordGuesses(context, stores, user)
  await stores.guessCounters.delete([secondFactorSubject(context, user.id)])
}

/**
 * Deletes an account with all that is held on it, and the organizations that nobody else belongs to. What the user made
 * in organizations of others stays there, without a maker. A mail tells the address.
 * @throws DomainError CONFLICT, with the organizations, for the last owner of one that has other members; NOT_FOUND if
 *   the account is gone already
 */
export const deleteAccount = async (context: DomainContext, userId: string): Promise<void> => {
  const { mailer, logger } = context
  const organizations = await withUserLocked(context, userId, async stores => {
    const user = await stores.users.find(userId)
    if (!user) throw new DomainError('NOT_FOUND', { message: 'This account no longer exists' })
    const deleted = await leaveOrganizations(stores, userId)
    await deleteGuesses(context, stores, user)
    // Before the cascade, in the order in which uses are written: neither waits for the other in a circle.
    await stores.apiKeys.deleteAll(userId)
    await endOtherProofs(context, stores, userId, undefined)
    await stores.users.delete(userId)
    await putSecurityNotice(context, stores, user, { kind: 'account-deleted' })
    return deleted
  })
  mailer.wake()
  logger.info({ event: 'account.deleted', userId, organizations }, 'account deleted')
}
