import type { Stores } from '../../storage/storage'
import type { UserRow } from '../../storage/stores/user-store'
import { chooseFreeName } from '../choose-free-name'
import { deriveSlug } from '../derive-slug'
import type { DomainContext } from '../domain-context'
import { insertOrganization } from '../organizations/create-organization'
import { isReservedName } from '../reserved-name'

export interface NewAccount {
  /** In its normal form. */
  readonly email: string
  /** Milliseconds since 1970; null: not verified. */
  readonly emailVerifiedAt: number | null
  /** Empty: an account without a password. */
  readonly passwordHash: string
  readonly fullName: string
}

/** Made from the name, as `Ada Lovelace` → `adalovelace`: 3 to 20 characters, one of them a letter. */
const wantedHandle = (fullName: string): string => {
  const handle = deriveSlug(fullName, 'user').replaceAll('-', '').slice(0, 20)
  if (!/[a-z]/.test(handle)) return `user${handle}`.slice(0, 20)
  return handle.length < 3 ? `${handle}user` : handle
}

/**
 * Inserts a user, and a default organization that the user owns. What it chooses by itself, and the address, may be
 * taken in the same moment: `retryOnCollision` for `email`, `handle` and `slug`.
 */
export const insertAccount = async (
  context: DomainContext,
  stores: Stores,
  { email, emailVerifiedAt, passwordHash, fullName }: NewAccount,
): Promise<UserRow> => {
  const now = context.clock()
  const id = context.newId()
  const isTaken = async (handle: string) => isReservedName(handle) || stores.users.isHandleTaken(handle)
  const user = {
    id,
    email,
    email_verified_at: emailVerifiedAt,
    full_name: fullName,
    handle: await chooseFreeName(wantedHandle(fullName), isTaken, context.randomBytes, ''),
    password_hash: passwordHash,
    role: 'user',
    is_active: 1,
    marketing_opt_out: 0,
    two_factor_enabled: 0,
    last_login_at: null,
    created_at: now,
    updated_at: now,
  }
  await stores.users.insert(user)
  const organizationName = `${fullName}'s organization`.slice(0, 100)
  await insertOrganization(context, stores, {
    name: organizationName,
    slug: undefined,
    ownerId: id,
    slugFrom: fullName,
  })
  return user
}
