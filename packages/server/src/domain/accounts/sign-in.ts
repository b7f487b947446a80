import { normalizeEmail } from '@snoop/sdk/contract'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { createSession, type Device, type OpenedSession } from '../sessions/create-session'

export interface SignIn {
  readonly email: string
  readonly password: string
  readonly remember: boolean
}

/**
 * Opens a session for the right e-mail address and password. An unknown address gets the same answer as a wrong
 * password, after the same work.
 * @throws DomainError INVALID_CREDENTIALS, USER_NOT_ACTIVE (only after the right password), SERVICE_UNAVAILABLE
 */
export const signIn = async (
  context: DomainContext,
  input: SignIn,
  device: Device,
): Promise<OpenedSession> => {
  const { storage, passwords, clock, logger } = context
  const user = await storage.users.findByEmail(normalizeEmail(input.email))
  const isRight = await passwords.verify(user?.password_hash, input.password)
  if (!user || !isRight) {
    logger.info(
      { event: 'account.sign_in_failed', userId: user?.id, ipAddress: device.ipAddress },
      'sign-in failed',
    )
    throw new DomainError('INVALID_CREDENTIALS')
  }
  if (user.is_active === 0) throw new DomainError('USER_NOT_ACTIVE')
  const opened = await storage.transaction(async stores => {
    await stores.users.update(user.id, { last_login_at: clock() })
    return createSession(context, stores, user.id, device, input.remember)
  })
  logger.info({ event: 'account.signed_in', userId: user.id, sessionId: opened.session.id }, 'signed in')
  return opened
}
