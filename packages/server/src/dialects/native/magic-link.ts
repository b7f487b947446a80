import type { Contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { requestMail } from '../../domain/mail-requests/request-mail'
import { signInByMagicLink } from '../../domain/sign-in/sign-in-by-magic-link'
import type { Handlers } from '../../http/request-context'
import { answerSignIn } from './answer-sign-in'
import { locateSignIn, redirectSignIn } from './redirect-sign-in'

export const magicLinkHandlers = (domain: DomainContext) =>
  ({
    signInMagicLink: async ({ body: { email, callbackURL: callbackUrl, rememberMe: remember } }) => {
      await requestMail(domain, { purpose: 'magic-link', email, callbackUrl, remember })
      return { magicLinkSent: true }
    },

    openMagicLink: async ({ query: { token } }, request) => {
      const { outcome, callbackUrl } = await signInByMagicLink(domain, token, await request.visit())
      if (callbackUrl === null) return answerSignIn(domain, request, outcome)
      return redirectSignIn(request, outcome, callbackUrl)
    },

    verifyMagicLink: async ({ body: { token } }, request) => {
      const { outcome, callbackUrl } = await signInByMagicLink(domain, token, await request.visit())
      const callbackURL = callbackUrl === null ? null : locateSignIn(outcome, callbackUrl)
      return { ...(await answerSignIn(domain, request, outcome)), callbackURL }
    },
  }) satisfies Partial<Handlers<Contract>['auth']>
