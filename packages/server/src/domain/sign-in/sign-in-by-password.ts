import type { DomainContext } from '../domain-context'
import { completeSignIn, type SignInOutcome } from './complete-sign-in'
import { provePassword } from './prove-password'
import type { Visit } from './visit'

export interface PasswordSignIn {
  readonly email: string
  readonly password: string
  readonly remember: boolean
}

/** Signs in by e-mail address and password. @throws DomainError as `provePassword` does */
export const signInByPassword = (
  context: DomainContext,
  { email, password, remember }: PasswordSignIn,
  visit: Visit,
): Promise<SignInOutcome> =>
  provePassword(context, { identifier: email, password }, visit, (stores, user) =>
    completeSignIn(context, stores, user, { method: 'password', remember }, visit),
  )
