import type { Stores } from '../../storage/storage'
import type { UserRow } from '../../storage/stores/user-store'
import { insertAccount } from '../accounts/insert-account'
import { putSecurityNotice } from '../accounts/put-security-notice'
import type { DomainContext } from '../domain-context'
import { conflict, DomainError } from '../domain-error'
import { retryOnCollision } from '../retry-on-collision'
import { completeSignIn, type SignInOutcome } from '../sign-in/complete-sign-in'
import type { Visit } from '../sign-in/visit'
import { withActiveUserLocked } from '../with-active-user-locked'
import { readSocialAddress } from './read-social-address'
import type { SocialProfile } from './social-provider'

/** Somebody who proved to a provider who they are. */
export interface SocialProof extends SocialProfile {
  /** The provider's name in paths, which accounts are linked by. */
  readonly providerKey: string
  /** The provider's name for people. */
  readonly providerName: string
}

/** OpenID Connect Core 1.0, section 2: ASCII, 255 characters at most. */
const SUBJECT = /^[\x20-\x7e]{1,255}$/

/** Unlike an address, it is shown to others: trimmed, in one line, 100 characters at most. */
const fullNameOf = ({ name }: SocialProof, address: string): string => {
  const shown = name
    ?.slice(0, 100)
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/\p{Cs}/gu, '')
    .trim()
  return shown || address.slice(0, address.indexOf('@'))
}

const insertLink = (
  { clock, newId }: DomainContext,
  stores: Stores,
  userId: string,
  { providerKey, subject }: SocialProof,
  address: string,
): Promise<void> =>
  stores.socialAccounts.insert({
    id: newId(),
    user_id: userId,
    provider: providerKey,
    subject,
    email: address,
    created_at: clock(),
  })

/**
 * Links to the account with this address. Its own address must be verified as well: else somebody could open an account
 * with the address of another, wait for them to come by a provider, and go on using it (pre-hijacking).
 */
const link = async (
  context: DomainContext,
  stores: Stores,
  user: UserRow,
  proof: SocialProof,
  address: string,
): Promise<void> => {
  // The address was another one a moment ago.
  if (user.email !== address) throw new DomainError('INVALID_TOKEN')
  if (user.email_verified_at === null) {
    throw conflict(
      'email',
      `An account with this address exists, but its address is not verified: sign in to it the usual way and verify the address. Then ${proof.providerName} can be used, too`,
    )
  }
  await insertLink(context, stores, user.id, proof, address)
  await putSecurityNotice(context, stores, user, { kind: 'social-linked', provider: proof.providerName })
  context.logger.info(
    { event: 'account.social_linked', userId: user.id, provider: proof.providerKey },
    'account linked',
  )
}

const openAccount = async (
  context: DomainContext,
  stores: Stores,
  proof: SocialProof,
  address: string,
): Promise<UserRow> => {
  const user = await insertAccount(context, stores, {
    email: address,
    emailVerifiedAt: context.clock(),
    passwordHash: '',
    fullName: fullNameOf(proof, address),
  })
  await insertLink(context, stores, user.id, proof, address)
  context.logger.info(
    { event: 'account.social_sign_up', userId: user.id, provider: proof.providerKey },
    'account opened',
  )
  return user
}

/**
 * Signs in whoever proved to a provider who they are: to the account that is linked to theirs; else to the one with
 * their address, which is linked from now on; else to a new one without a password. What links or opens an account is an
 * address that the provider has verified; where a link exists, the address counts for nothing.
 * @throws DomainError EMAIL_NOT_VERIFIED; CONFLICT for an account whose own address is not verified; USER_NOT_ACTIVE;
 *   INVALID_TOKEN
 */
export const signInBySocial = async (
  context: DomainContext,
  proof: SocialProof,
  { remember }: { readonly remember: boolean },
  visit: Visit,
): Promise<SignInOutcome> => {
  const { storage, mailer } = context
  const { providerKey, providerName, subject } = proof
  if (!SUBJECT.test(subject)) throw new DomainError('INVALID_TOKEN')
  const complete = (stores: Stores, user: UserRow) =>
    completeSignIn(context, stores, user, { method: 'social', remember }, visit)

  const attempt = async () => {
    const known = await storage.socialAccounts.find(providerKey, subject)
    if (known) return withActiveUserLocked(context, known.user_id, complete)
    const address = readSocialAddress(proof)
    if (address === undefined) {
      throw new DomainError('EMAIL_NOT_VERIFIED', {
        message: `${providerName} names no verified e-mail address of yours: verify one there, then sign in again`,
      })
    }
    const owner = await storage.users.findByEmail(address)
    if (owner) {
      return withActiveUserLocked(context, owner.id, async (stores, user) => {
        await link(context, stores, user, proof, address)
        return complete(stores, user)
      })
    }
    return storage.transaction(async stores =>
      complete(stores, await openAccount(context, stores, proof, address)),
    )
  }
  // Twice at once: the unique indexes let one of them through, and the next try of the other finds what that one made.
  const outcome = await retryOnCollision(['email', 'handle', 'slug', 'subject'], attempt)
  mailer.wake()
  return outcome
}
