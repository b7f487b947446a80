import type { Stores } from '../../storage/storage'
import type { MembershipRow } from '../../storage/stores/membership-store'
import type { JoinedOrganizationRow } from '../../storage/stores/organization-store'
import type { UserRow } from '../../storage/stores/user-store'
import { recordAct } from '../audit/record-act'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { secondFactorSubject } from '../guesses/take-guess'
import { eraseOrganization } from '../organizations/erase-organization'
import { forgetPasswordGuesses } from '../passwords/forget-password-guesses'
import { endSubscription } from '../payments/end-subscription'
import { isPaidFor } from '../payments/is-paid-for'
import { tryUntilUnpaid } from '../payments/try-until-unpaid'
import type { Actor } from '../principals/actor'
import { endOtherProofs } from '../sessions/end-other-proofs'
import { withUserLocked } from '../with-user-locked'
import { decideLeaving, type JoinedOrganization } from './decide-leaving'
import { putSecurityNotice } from './put-security-notice'

const lastOwner = (organizations: readonly JoinedOrganization[]): DomainError =>
  new DomainError('CONFLICT', {
    message: `You are the last owner of ${organizations.map(({ name }) => `"${name}"`).join(', ')}. Make another member an owner, or remove the other members first`,
    detail: { organizations: organizations.map(({ id, name }) => ({ id, name })) },
  })

/**
 * The organizations of a user that nobody else belongs to: they go with the account.
 * @throws DomainError CONFLICT for the last owner of an organization with other members
 */
const findLeftAlone = async (
  { organizations }: Pick<Stores, 'organizations'>,
  userId: string,
): Promise<JoinedOrganizationRow[]> => {
  const { needed, left } = decideLeaving(await organizations.listJoined(userId))
  if (needed.length > 0) throw lastOwner(needed)
  return left
}

/** They are kept by HMAC, so no cascade finds them. */
const deleteGuesses = async (context: DomainContext, stores: Stores, user: UserRow): Promise<void> => {
  await forgetPasswordGuesses(context, stores, user)
  await stores.guessCounters.delete([secondFactorSubject(context, user.id)])
}

/** Writes into the log of each organization that it ended, or that it goes on without the user. */
const recordLeaving = async (
  context: DomainContext,
  stores: Stores,
  actor: Actor,
  memberships: readonly MembershipRow[],
  erased: readonly JoinedOrganizationRow[],
): Promise<void> => {
  for (const { organization_id: organizationId, id, user_id: userId, role } of memberships) {
    const organization = erased.find(row => row.id === organizationId)
    await recordAct(
      context,
      stores,
      actor,
      organization
        ? {
            organizationId,
            action: 'organization.deleted',
            resource: { type: 'organization', id: organizationId },
            details: { name: organization.name, slug: organization.slug },
          }
        : {
            organizationId,
            action: 'member.left',
            resource: { type: 'member', id },
            details: { userId, role, accountDeleted: true },
          },
    )
  }
}

/**
 * Deletes the account, unless an organization would go with it that may still be paid for.
 * @param ended organizations whose subscriptions were ended
 * @returns how many organizations went with it; undefined: nothing was deleted
 */
const deleteUnlessPaying = (
  context: DomainContext,
  actor: Actor,
  ended: ReadonlySet<string>,
): Promise<number | undefined> => {
  const { userId } = actor.principal
  return withUserLocked(context, userId, async stores => {
    const user = await stores.users.find(userId)
    if (!user) throw new DomainError('NOT_FOUND', { message: 'This account no longer exists' })
    // Of two owners who leave at once the second one counts without the first.
    await stores.organizations.lockJoined(userId)
    const left = await findLeftAlone(stores, userId)
    for (const { id } of left) if (!ended.has(id) || (await isPaidFor(context, stores, id))) return undefined
    const memberships = await stores.memberships.listOfUserByOrganization(userId)
    for (const { id } of left) await eraseOrganization(stores, id)
    await deleteGuesses(context, stores, user)
    // Before the cascade, in the order in which uses are written: neither waits for the other in a circle.
    await stores.apiKeys.deleteAll(userId)
    await endOtherProofs(context, stores, userId, undefined)
    await stores.users.delete(userId)
    await putSecurityNotice(context, stores, user, { kind: 'account-deleted' })
    await recordLeaving(context, stores, actor, memberships, left)
    return left.length
  })
}

/**
 * Deletes an account with all that is held on it, and the organizations that nobody else belongs to; their subscriptions
 * end first. What the user made in organizations of others stays there, without a maker. A mail tells the address.
 * @throws DomainError CONFLICT, with the organizations, for the last owner of one that has other members; NOT_FOUND if
 *   the account is gone already; SERVICE_UNAVAILABLE if a subscription cannot be ended now
 */
export const deleteAccount = async (context: DomainContext, actor: Actor): Promise<void> => {
  const { storage, mailer, logger } = context
  const { userId } = actor.principal
  // Once more also if the other members of an organization left it meanwhile.
  const organizations = await tryUntilUnpaid(async () => {
    const left = await findLeftAlone(storage, userId)
    for (const { id } of left) await endSubscription(context, id)
    return deleteUnlessPaying(context, actor, new Set(left.map(({ id }) => id)))
  })
  mailer.wake()
  logger.info({ event: 'account.deleted', userId, organizations }, 'account deleted')
}
