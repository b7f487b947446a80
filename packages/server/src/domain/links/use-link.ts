import type { Stores } from '../../storage/storage'
import type { LinkTokenRow } from '../../storage/stores/link-token-store'
import type { UserRow } from '../../storage/stores/user-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { hashSecret } from '../secret-hash'
import { withUserLocked } from '../with-user-locked'
import type { LinkPurpose } from './make-link'

/** Looks at a live link without using it up. @throws DomainError INVALID_TOKEN if it is none for any of the purposes */
export const findLink = async (
  { storage, clock }: DomainContext,
  token: string,
  purposes: readonly LinkPurpose[],
): Promise<LinkTokenRow> => {
  const tokenHash = hashSecret(token)
  for (const purpose of purposes) {
    const link = await storage.linkTokens.findLive(tokenHash, purpose, clock())
    if (link) return link
  }
  throw new DomainError('INVALID_TOKEN')
}

/** A link is good while the account has the address that it was sent to; one to a new address is sent before it has. */
const fits = (link: LinkTokenRow, user: UserRow): boolean =>
  link.purpose === 'change-email' || link.email === user.email

/**
 * Uses a link up and does what it is for, all or nothing: of two at the same time one succeeds.
 * @param work gets link and user as they are with the user locked
 * @throws DomainError INVALID_TOKEN if it is no live link for any of the purposes; what `work` throws leaves it unused
 */
export const useLink = async <T>(
  context: DomainContext,
  token: string,
  purposes: readonly LinkPurpose[],
  work: (stores: Stores, link: LinkTokenRow, user: UserRow) => Promise<T>,
): Promise<T> => {
  const found = await findLink(context, token, purposes)
  return withUserLocked(context, found.user_id, async stores => {
    const link = await stores.linkTokens.use(found.token_hash, found.purpose, context.clock())
    const user = await stores.users.find(found.user_id)
    if (!link || !user || !fits(link, user)) throw new DomainError('INVALID_TOKEN')
    return work(stores, link, user)
  })
}
