import type { Contract } from '@snoop/sdk/contract'
import { identify } from '../../domain/accounts/identify'
import { signUp } from '../../domain/accounts/sign-up'
import type { DomainContext } from '../../domain/domain-context'
import { signInByPassword } from '../../domain/sign-in/sign-in-by-password'
import type { Handlers } from '../../http/request-context'
import { answerSignIn } from './answer-sign-in'

export const signInHandlers = (domain: DomainContext) =>
  ({
    signUpEmail: async ({ body }) => {
      const { email, name: fullName, password } = body
      await signUp(domain, { email, password, fullName, callbackUrl: body.callbackURL })
      return { user: { email, fullName }, verificationEmailSent: true }
    },

    signInEmail: async ({ body: { email, password, rememberMe: remember } }, request) => {
      const visit = await request.visit()
      return answerSignIn(
        domain,
        request,
        await signInByPassword(domain, { email, password, remember }, visit),
      )
    },

    identify: async ({ body: { email } }) => {
      const { hasPasskey } = await identify(domain, email)
      return { method: 'password', ssoProvider: null, ssoRedirectUrl: null, hasPasskey, allowMagicLink: true }
    },
  }) satisfies Partial<Handlers<Contract>['auth']>
