import type { ClientAuth, Configuration, IDToken, UserInfoResponse } from 'openid-client'
import type { SocialProviderConfig } from '../../config/config'
import {
  answerUrl,
  authorizationParameters,
  CALL_TIMEOUT_SECONDS,
  createProviderFetch,
  loadOpenIdClient,
  textOf,
  transportSteps,
} from './provider-calls'
import type { SocialProfile, SocialProvider } from './social-provider'

type OpenIdConfig = Extract<SocialProviderConfig, { kind: 'openid' }>

const METADATA_LIFETIME_MS = 60 * 60 * 1000

const discover = async ({ issuer, clientId, clientSecret }: OpenIdConfig): Promise<Configuration> => {
  const client = await loadOpenIdClient()
  const [basic, post] = [client.ClientSecretBasic(clientSecret), client.ClientSecretPost(clientSecret)]
  // Where the metadata say nothing, it is basic (OpenID Connect Discovery 1.0, section 3).
  const authenticate: ClientAuth = (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    return (methods.includes('client_secret_basic') ? basic : post)(server, ...rest)
  }
  return client.discovery(new URL(issuer), clientId, undefined, authenticate, {
    timeout: CALL_TIMEOUT_SECONDS,
    [client.customFetch]: createProviderFetch(issuer),
    // Checks the signature of the ID token too, though TLS vouches for where it came from.
    execute: [client.enableNonRepudiationChecks, ...transportSteps(client, issuer)],
  })
}

/** Keeps what `load` gave for an hour; several who ask at once wait for one answer, and a failure is not kept. */
const keepForAnHour = <T>(load: () => Promise<T>, clock: () => number): (() => Promise<T>) => {
  let kept: { readonly loadedAt: number; readonly value: Promise<T> } | undefined
  return () => {
    const now = clock()
    if (kept && now - kept.loadedAt < METADATA_LIFETIME_MS) return kept.value
    const loading = { loadedAt: now, value: load() }
    kept = loading
    loading.value.catch(() => {
      if (kept === loading) kept = undefined
    })
    return loading.value
  }
}

const toProfile = (
  { sub, name }: IDToken,
  { email, email_verified, name: givenName = name }: IDToken | UserInfoResponse,
): SocialProfile => ({
  subject: sub,
  email: textOf(email),
  // Some providers write it as text. What is not said is not so.
  emailVerified: email_verified === true || (email_verified as unknown) === 'true',
  name: textOf(givenName),
})

/**
 * A provider by OpenID Connect Core 1.0, found by its issuer alone (Discovery 1.0). The code flow with PKCE, state, nonce
 * and, where the provider sends it, `iss` (RFC 9207); the ID token's signature, issuer, audience and times are checked.
 */
export const createOpenIdProvider = (config: OpenIdConfig, clock: () => number): SocialProvider => {
  const configuration = keepForAnHour(() => discover(config), clock)
  return {
    name: config.name,

    authorizationUrl: async request => {
      const client = await loadOpenIdClient()
      const parameters = await authorizationParameters(client, request, config.scopes)
      const withNonce = { ...parameters, nonce: request.nonce }
      return client.buildAuthorizationUrl(await configuration(), withNonce).href
    },

    readProfile: async (request, answer) => {
      const client = await loadOpenIdClient()
      const server = await configuration()
      const tokens = await client.authorizationCodeGrant(server, answerUrl(request, answer), {
        expectedState: request.state,
        expectedNonce: request.nonce,
        pkceCodeVerifier: request.codeVerifier,
        idTokenExpected: true,
      })
      const idToken = tokens.claims()
      if (!idToken) throw new Error('the provider gave no ID token')
      const isComplete = idToken.email !== undefined && idToken.email_verified !== undefined
      if (isComplete || !server.serverMetadata().userinfo_endpoint) return toProfile(idToken, idToken)
      // Address and verification are taken from one and the same answer.
      return toProfile(idToken, await client.fetchUserInfo(server, tokens.access_token, idToken.sub))
    },
  }
}
