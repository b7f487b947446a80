import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { PASSWORD_POLICY } from '../guesses/decide-guess'
import { sessionPasswordSubject, takeGuess } from '../guesses/take-guess'
import { passwordHashOf } from './password-hash-of'

/** The answer to a wrong one. */
export const wrongPassword = (): DomainError =>
  new DomainError('INVALID_CREDENTIALS', { message: 'The current password is wrong' })

/**
 * Compares a password with that of a signed-in user; each try counts as a guess until one is right. For an account without
 * a password none is right, after the same work.
 * @returns the hash that it fits, to be compared again with the user locked
 * @throws DomainError INVALID_CREDENTIALS, RATE_LIMIT_ERROR after many failures, SERVICE_UNAVAILABLE
 */
export const provePassword = async (
  context: DomainContext,
  userId: string,
  password: string,
): Promise<string> => {
  const { storage, passwords } = context
  await takeGuess(context, sessionPasswordSubject(context, userId), PASSWORD_POLICY)
  const hash = passwordHashOf(await storage.users.find(userId))
  const isRight = await passwords.verify(hash, password)
  if (hash === undefined || !isRight) throw wrongPassword()
  return hash
}
