import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import type { SocialProvider } from './social-provider'

const RETRY_SECONDS = 5

/** Codes of openid-client for what is not to be trusted, or not any more: a bad signature, nonce, issuer, time. */
const NOT_TRUSTED: ReadonlySet<unknown> = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
])
/** A code that was used, has expired or is somebody else's (RFC 6749, 5.2); the second is GitHub's word. */
const BAD_CODES: ReadonlySet<unknown> = new Set(['invalid_grant', 'bad_verification_code'])

/** A value somewhere inside of a thrown thing, as openid-client nests them. */
const look = (thing: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    thing,
  )

/** The word for an error that the provider sent; anything but a word is dropped, as it could be anything. */
const wordOf = (error: unknown): string | undefined => {
  const word =
    look(error, 'error') ??
    look(error, 'cause', 'cause', 'body', 'error') ??
    look(error, 'cause', '0', 'parameters', 'error')
  return typeof word === 'string' && /^[a-z_]{1,64}$/.test(word) ? word : undefined
}

/** For the operator. Names and messages alone: the rest of such errors holds tokens and what they say. */
const logFailure = ({ logger }: DomainContext, { name }: SocialProvider, error: unknown): void => {
  const messages = [look(error, 'message'), look(error, 'cause', 'message')]
  const reason = messages.filter(text => typeof text === 'string' && text !== '').join(': ')
  logger.warn(
    {
      event: 'social.failed',
      provider: name,
      reason: reason.slice(0, 500),
      code: look(error, 'code') ?? look(error, 'cause', 'code'),
      error: wordOf(error),
    },
    'a sign-in at another service failed',
  )
}

const unavailable = ({ name }: SocialProvider) =>
  new DomainError('SERVICE_UNAVAILABLE', {
    message: `${name} does not answer as it should; try again later, or sign in another way`,
    detail: { retryAfterSeconds: RETRY_SECONDS },
  })

/** Whatever was thrown on the way to a provider's sign-in page: it is away, or not what was configured. */
export const providerUnavailable = (
  context: DomainContext,
  provider: SocialProvider,
  error: unknown,
): DomainError => {
  logFailure(context, provider, error)
  return unavailable(provider)
}

const refused = (message: string) => new DomainError('INVALID_TOKEN', { message })

/**
 * Whatever was thrown while the answer of a provider was looked into, as a refusal: INVALID_TOKEN for the answer's
 * fault, SERVICE_UNAVAILABLE for the provider's and the operator's. Nothing of what the provider wrote is repeated.
 */
export const explainFailure = (
  context: DomainContext,
  provider: SocialProvider,
  error: unknown,
): DomainError => {
  logFailure(context, provider, error)
  const { name } = provider
  const [code, word] = [look(error, 'code'), wordOf(error)]
  if (code === 'OAUTH_AUTHORIZATION_RESPONSE_ERROR') {
    return refused(
      word === 'access_denied'
        ? `The sign-in with ${name} was cancelled`
        : `${name} refused the sign-in; begin again, or sign in another way`,
    )
  }
  const isAnswersFault = word === undefined ? NOT_TRUSTED.has(code) : BAD_CODES.has(word)
  return isAnswersFault
    ? refused(`The answer of ${name} has expired or is not what was asked for; begin again`)
    : unavailable(provider)
}
