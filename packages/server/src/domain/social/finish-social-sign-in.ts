import type { DomainContext } from '../domain-context'
import type { SignInOutcome } from '../sign-in/complete-sign-in'
import type { Visit } from '../sign-in/visit'
import { explainFailure } from './provider-failure'
import { signInBySocial } from './sign-in-by-social'
import type { SocialAttempt } from './social-attempt'

/**
 * Asks the provider who it is that came back, and signs them in.
 * @param answer the query that the browser came back with
 * @throws DomainError INVALID_TOKEN if the provider or its answer says no; SERVICE_UNAVAILABLE if it is away; and what
 *   `signInBySocial` throws
 */
export const finishSocialSignIn = async (
  context: DomainContext,
  { provider, providerKey, request, remember }: SocialAttempt,
  answer: URLSearchParams,
  visit: Visit,
): Promise<SignInOutcome> => {
  const profile = await provider.readProfile(request, answer).catch(error => {
    throw explainFailure(context, provider, error)
  })
  const proof = { ...profile, providerKey, providerName: provider.name }
  return signInBySocial(context, proof, { remember }, visit)
}
