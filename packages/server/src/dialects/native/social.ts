import type { Contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { DomainError } from '../../domain/domain-error'
import { finishSocialSignIn } from '../../domain/social/finish-social-sign-in'
import { BINDING_SECONDS, beginSocialSignIn, takeSocialAttempt } from '../../domain/social/social-attempt'
import { type Handlers, Redirect } from '../../http/request-context'
import { answerSignIn } from './answer-sign-in'
import { redirectSignIn } from './redirect-sign-in'

/** Binds a sign-in at a provider to the browser that began it. */
const BINDING_COOKIE = 'snoop_oauth_state'

/** As the provider sent it; what was sent twice is there twice, for openid-client to refuse. */
const toAnswer = (query: Readonly<Record<string, unknown>>): URLSearchParams => {
  const answer = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) answer.append(name, String(one))
  }
  return answer
}

/** The page that began the sign-in tells people about it. @throws what is no refusal, or is without a `callbackUrl` */
const redirectRefusal = (error: unknown, callbackUrl: string | null): Redirect => {
  if (callbackUrl === null || !(error instanceof DomainError)) throw error
  const url = new URL(callbackUrl)
  url.searchParams.set('error', error.code)
  return new Redirect(url.href)
}

export const socialHandlers = (domain: DomainContext) =>
  ({
    signInSocial: async (
      { body: { provider: providerKey, callbackURL: callbackUrl, rememberMe } },
      request,
    ) => {
      const begun = await beginSocialSignIn(domain, { providerKey, callbackUrl, remember: rememberMe })
      request.setCookie(BINDING_COOKIE, begun.binding, BINDING_SECONDS)
      return { url: begun.url }
    },

    socialCallback: async ({ params: { provider: providerKey }, query }, request) => {
      const binding = request.readCookie(BINDING_COOKIE)
      const attempt = await takeSocialAttempt(domain, { providerKey, state: query.state, binding })
      request.setCookie(BINDING_COOKIE, '', 0)
      const { callbackUrl } = attempt
      try {
        const outcome = await finishSocialSignIn(domain, attempt, toAnswer(query), await request.visit())
        if (callbackUrl === null) return await answerSignIn(domain, request, outcome)
        return redirectSignIn(request, outcome, callbackUrl)
      } catch (error) {
        return redirectRefusal(error, callbackUrl)
      }
    },
  }) satisfies Partial<Handlers<Contract>['auth']>
