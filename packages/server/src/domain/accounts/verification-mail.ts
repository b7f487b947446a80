import { normalizeEmail } from '@snoop/sdk/contract'
import { composeVerificationMail } from '../../mail/compose-verification-mail'
import type { Stores } from '../../storage/storage'
import type { UserRow } from '../../storage/stores/user-store'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { hashSecret } from '../secret-hash'
import { withUserLocked } from '../with-user-locked'
import { resolveCallbackUrl } from './callback-url'

const PURPOSE = 'verify-email'
const VALID_FOR_MS = 24 * 3600 * 1000

/** Puts a mail with a new link into the outbox; links sent before are dead. */
export const putVerificationMail = async (
  { clock, newId, randomBytes, mailer, settings }: DomainContext,
  stores: Stores,
  user: Pick<UserRow, 'id' | 'email' | 'full_name'>,
  callbackUrl: string | null,
): Promise<void> => {
  const now = clock()
  const token = randomBytes(32).toString('base64url')
  await stores.linkTokens.replace({
    id: newId(),
    user_id: user.id,
    purpose: PURPOSE,
    token_hash: hashSecret(token),
    email: user.email,
    callback_url: callbackUrl,
    created_at: now,
    expires_at: now + VALID_FOR_MS,
    used_at: null,
    session_id: null,
    remember: 1,
  })
  const recipient = { origin: settings.origin, to: user.email, name: user.full_name }
  await mailer.put(stores, composeVerificationMail({ ...recipient, token, validForMs: VALID_FOR_MS }))
}

/**
 * Sends the verification mail again if the address belongs to an account that awaits it; tells nobody whether it does.
 * @throws DomainError VALIDATION_ERROR for a foreign `callbackURL`
 */
export const resendVerificationMail = async (
  context: DomainContext,
  input: { readonly email: string; readonly callbackUrl: string | undefined },
): Promise<void> => {
  const { storage, mailer, settings } = context
  const callbackUrl = input.callbackUrl === undefined ? null : resolveCallbackUrl(input.callbackUrl, settings)
  const account = await storage.users.findByEmail(normalizeEmail(input.email))
  if (!account) return
  await withUserLocked(context, account.id, async stores => {
    const user = await stores.users.find(account.id)
    if (user?.is_active && user.email_verified_at === null)
      await putVerificationMail(context, stores, user, callbackUrl)
  })
  mailer.wake()
}

export interface VerifiedAddress {
  readonly email: string
  readonly verifiedAt: number
  readonly callbackUrl: string | null
}

/**
 * Takes the token of a verification link: once, within 24 hours, and only while the account has that address.
 * @throws DomainError INVALID_TOKEN
 */
export const verifyEmail = async (
  { storage, clock, logger }: DomainContext,
  token: string,
): Promise<VerifiedAddress> => {
  const now = clock()
  const verified = await storage.transaction(async stores => {
    const link = await stores.linkTokens.use(hashSecret(token), PURPOSE, now)
    const user = link && (await stores.users.find(link.user_id))
    if (!link || !user || user.email !== link.email) throw new DomainError('INVALID_TOKEN')
    if (user.email_verified_at === null) {
      await stores.users.update(user.id, { email_verified_at: now, updated_at: now })
    }
    return {
      userId: user.id,
      email: user.email,
      verifiedAt: user.email_verified_at ?? now,
      callbackUrl: link.callback_url,
    }
  })
  logger.info({ event: 'account.email_verified', userId: verified.userId }, 'e-mail address verified')
  return verified
}
