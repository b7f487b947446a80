import { normalizeEmail } from '@snoop/sdk/contract'
import { composeAddressTakenMail } from '../../mail/compose-address-taken-mail'
import type { DomainContext } from '../domain-context'
import { refuseCommonPassword } from '../passwords/common-password'
import { retryOnCollision } from '../retry-on-collision'
import { resolveCallbackUrl } from './callback-url'
import { insertAccount } from './insert-account'
import { putVerificationMail } from './verification-mail'

export interface SignUp {
  readonly email: string
  readonly password: string
  readonly fullName: string
  readonly callbackUrl: string | undefined
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
  await refuseCommonPassword(input.password, 'password')
  const passwordHash = await passwords.hash(input.password)

  const attempt = () =>
    storage.transaction(async stores => {
      const owner = await stores.users.findByEmail(email)
      if (owner) {
        const recipient = { origin: settings.origin, to: owner.email, name: owner.full_name }
        await mailer.put(stores, composeAddressTakenMail(recipient))
      } else {
        const { fullName } = input
        const user = await insertAccount(context, stores, {
          email,
          emailVerifiedAt: null,
          passwordHash,
          fullName,
        })
        await putVerificationMail(context, stores, user, callbackUrl)
      }
    })
  // Signed up twice at once: the second try finds the account of the first.
  await retryOnCollision(['email', 'handle', 'slug'], attempt)
  mailer.wake()
  logger.info({ event: 'account.sign_up' }, 'sign-up answered')
}
