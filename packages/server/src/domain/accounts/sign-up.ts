import { normalizeEmail } from '@snoop/sdk/contract'
import { composeAddressTakenMail } from '../../mail/compose-address-taken-mail'
import type { Stores } from '../../storage/storage'
import { chooseFreeName } from '../choose-free-name'
import { deriveSlug } from '../derive-slug'
import type { DomainContext } from '../domain-context'
import { invalidField } from '../domain-error'
import { insertOrganization } from '../organizations/create-organization'
import { isCommonPassword } from '../passwords/common-password'
import { retryOnCollision } from '../retry-on-collision'
import { resolveCallbackUrl } from './callback-url'
import { isReservedHandle } from './reserved-handle'
import { putVerificationMail } from './verification-mail'

export interface SignUp {
  readonly email: string
  readonly password: string
  readonly fullName: string
  readonly callbackUrl: string | undefined
}

/** Made from the name, as `Ada Lovelace` → `adalovelace`: 3 to 20 characters, one of them a letter. */
const wantedHandle = (fullName: string): string => {
  const handle = deriveSlug(fullName, 'user').replaceAll('-', '').slice(0, 20)
  if (!/[a-z]/.test(handle)) return `user${handle}`.slice(0, 20)
  return handle.length < 3 ? `${handle}user` : handle
}

const insertAccount = async (
  context: DomainContext,
  stores: Stores,
  signUp: SignUp,
  account: { readonly email: string; readonly passwordHash: string; readonly callbackUrl: string | null },
): Promise<void> => {
  const now = context.clock()
  const id = context.newId()
  const { fullName } = signUp
  const isTaken = async (handle: string) => isReservedHandle(handle) || stores.users.isHandleTaken(handle)
  const user = {
    id,
    email: account.email,
    email_verified_at: null,
    full_name: fullName,
    handle: await chooseFreeName(wantedHandle(fullName), isTaken, context.randomBytes, ''),
    password_hash: account.passwordHash,
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
  await putVerificationMail(context, stores, user, account.callbackUrl)
}

/**
 * Makes a user, a default organization that the user owns, and a verification mail. If the address is taken its owner
 * is told by mail instead; the caller cannot tell which of the two happened, and a password is hashed in both cases.
 * @throws DomainError VALIDATION_ERROR for a common password or a foreign `callbackURL`; SERVICE_UNAVAILABLE
 */
export const signUp = async (context: DomainContext, input: SignUp): Promise<void> => {
  const { storage, passwords, mailer, settings, logger } = context
  const email = normalizeEmail(input.email)
  const callbackUrl = input.callbackUrl === undefined ? null : resolveCallbackUrl(input.callbackUrl, settings)
  if (await isCommonPassword(input.password)) {
    throw invalidField('password', 'Is one of the most common passwords; choose another')
  }
  const passwordHash = await passwords.hash(input.password)

  const attempt = () =>
    storage.transaction(async stores => {
      const owner = await stores.users.findByEmail(email)
      if (owner) {
        const recipient = { origin: settings.origin, to: owner.email, name: owner.full_name }
        await mailer.put(stores, composeAddressTakenMail(recipient))
      } else {
        await insertAccount(context, stores, input, { email, passwordHash, callbackUrl })
      }
    })
  // Signed up twice at once: the second try finds the account of the first.
  await retryOnCollision(['email', 'handle', 'slug'], attempt)
  mailer.wake()
  logger.info({ event: 'account.sign_up' }, 'sign-up answered')
}
