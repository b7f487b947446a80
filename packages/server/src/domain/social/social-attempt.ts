import { openText, sealText } from '../../sealing/seal-text'
import { resolveCallbackUrl } from '../accounts/callback-url'
import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { hashSecret } from '../secret-hash'
import { providerUnavailable } from './provider-failure'
import type { SocialProvider, SocialRequest } from './social-provider'

const KIND = 'social'
const VALID_FOR_MS = 10 * 60 * 1000
/** How long the browser keeps the secret that binds the attempt to it. */
export const BINDING_SECONDS = VALID_FOR_MS / 1000

/** What is kept of an attempt while the browser is away. */
interface PendingAttempt {
  readonly providerKey: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly callbackUrl: string | null
  readonly remember: boolean
}

/** An attempt that came back, used up. */
export interface SocialAttempt {
  /** The provider's name in paths. */
  readonly providerKey: string
  readonly provider: SocialProvider
  readonly request: SocialRequest
  /** Absolute, and trusted. */
  readonly callbackUrl: string | null
  readonly remember: boolean
}

/** Found only by both: the state, which goes through the provider, and the secret, which stays in the browser. */
const hashAttempt = (state: string, binding: string): string => hashSecret(`${state}.${binding}`)

/** By the configured origin: what a request says of its host goes into no address. */
const redirectUriOf = ({ settings }: DomainContext, providerKey: string): string =>
  `${settings.origin}/api/auth/callback/${providerKey}`

const findProvider = ({ socialProviders }: DomainContext, key: string): SocialProvider => {
  const provider = socialProviders.get(key)
  if (provider) return provider
  const known = [...socialProviders.keys()].join(', ')
  const message = known
    ? `One cannot sign in with "${key}" here, but with: ${known}`
    : 'One cannot sign in with other services here: none is configured'
  throw new DomainError('NOT_FOUND', { message })
}

/**
 * Begins a sign-in at a provider, which must come back within 10 minutes.
 * @param input `providerKey`: the provider's name in paths
 * @returns where to send the browser, and the secret for its cookie
 * @throws DomainError NOT_FOUND for an unknown provider; VALIDATION_ERROR for a foreign `callbackURL`;
 *   SERVICE_UNAVAILABLE if the provider is away
 */
export const beginSocialSignIn = async (
  context: DomainContext,
  input: {
    readonly providerKey: string
    readonly callbackUrl: string | undefined
    readonly remember: boolean
  },
): Promise<{ readonly url: string; readonly binding: string }> => {
  const { storage, clock, newId, randomBytes, secrets, settings } = context
  const { providerKey, remember } = input
  const provider = findProvider(context, providerKey)
  const callbackUrl = input.callbackUrl === undefined ? null : resolveCallbackUrl(input.callbackUrl, settings)
  const newSecret = () => randomBytes(32).toString('base64url')
  const [state, nonce, codeVerifier, binding] = [newSecret(), newSecret(), newSecret(), newSecret()]
  const request = { redirectUri: redirectUriOf(context, providerKey), state, nonce, codeVerifier }
  const url = await provider.authorizationUrl(request).catch(error => {
    throw providerUnavailable(context, provider, error)
  })
  const pending: PendingAttempt = { providerKey, nonce, codeVerifier, callbackUrl, remember }
  const id = newId()
  const now = clock()
  await storage.challenges.insert({
    id,
    kind: KIND,
    user_id: null,
    session_id: null,
    token_hash: hashAttempt(state, binding),
    sealed_data: sealText(JSON.stringify(pending), { key: secrets.sealingKey, context: id }),
    created_at: now,
    expires_at: now + VALID_FOR_MS,
  })
  return { url, binding }
}

const refused = () =>
  new DomainError('INVALID_TOKEN', {
    message: 'This sign-in has expired, is over, or was begun in another browser; begin again',
  })

/**
 * Takes an attempt that comes back: once, within 10 minutes, in the browser that began it, and at the address of the
 * provider that it was begun with (RFC 9700, 4.4: mix-up).
 * @param binding from the browser's cookie
 * @throws DomainError INVALID_TOKEN; NOT_FOUND if the provider is not configured any more
 */
export const takeSocialAttempt = async (
  context: DomainContext,
  {
    providerKey,
    state,
    binding,
  }: { readonly providerKey: string; readonly state: string; readonly binding: string | undefined },
): Promise<SocialAttempt> => {
  const { storage, secrets, clock } = context
  const row = binding && (await storage.challenges.take(KIND, hashAttempt(state, binding), clock()))
  if (!row || row.sealed_data === null) throw refused()
  const pending = JSON.parse(
    openText(row.sealed_data, { key: secrets.sealingKey, context: row.id }),
  ) as PendingAttempt
  if (pending.providerKey !== providerKey) throw refused()
  const { nonce, codeVerifier, callbackUrl, remember } = pending
  const request = { redirectUri: redirectUriOf(context, providerKey), state, nonce, codeVerifier }
  return { providerKey, provider: findProvider(context, providerKey), request, callbackUrl, remember }
}
